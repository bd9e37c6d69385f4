using System.Numerics;
using System.Runtime.InteropServices;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Prices;
using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Rating;

/// <summary>What covers usage before it is priced: packages first, those that end soonest; then reservations; then savings plans.</summary>
internal sealed class Covering(IEnumerable<Package> packages, IEnumerable<Reservation> reservations, IEnumerable<SavingsPlan> plans)
{
    private readonly List<Package> _packages = [.. packages.OrderBy(p => p.Valid.To).ThenBy(p => p.Valid.From).ThenBy(p => p.Id, StringComparer.Ordinal)];
    private readonly List<Reservation> _reservations = [.. reservations.OrderBy(r => r.Valid.From).ThenBy(r => r.Id, StringComparer.Ordinal)];
    private readonly List<SavingsPlan> _plans = [.. plans.OrderByDescending(p => p.Percent).ThenBy(p => p.Valid.From).ThenBy(p => p.Id, StringComparer.Ordinal)];
    private readonly Dictionary<string, Fixed> _used = [];
    private readonly Dictionary<(string Plan, long Hour), Fixed> _spent = [];
    private readonly Dictionary<(string Reservation, long Hour), Int128> _held = [];

    /// <summary>When something that covers a product begins or ends: its stretches are cut there.</summary>
    public IEnumerable<long> Edges(string product) =>
        _packages.Where(p => p.Product == product).Select(p => p.Valid)
            .Concat(_reservations.Where(r => r.Product == product).Select(r => r.Valid))
            .Concat(_plans.Where(p => product.Fits(p.Products)).Select(p => p.Valid))
            .SelectMany(v => (long[])[v.From, v.To]);

    /// <summary>Whether sums per hour are needed.</summary>
    public bool Hourly(string product) => _reservations.Exists(r => r.Product == product) || _plans.Exists(p => product.Fits(p.Products));

    /// <summary>What packages cover of a quantity in a stretch, and takes it from them.</summary>
    public IEnumerable<(string Source, Fixed Quantity)> ByPackages(string product, Period stretch, Fixed quantity)
    {
        foreach (var package in _packages.Where(p => p.Product == product && p.Valid.Contains(stretch.From)))
        {
            var used = _used.GetValueOrDefault(package.Id);
            var taken = Fixed.Min(package.Left - used, quantity);
            if (taken > Fixed.Zero)
            {
                _used[package.Id] = used + taken;
                quantity -= taken;
                yield return (package.Id, taken);
            }
        }
    }

    /// <summary>What commitments cover, hour by hour, of what packages have left over.</summary>
    /// <param name="product">The product.</param>
    /// <param name="rate">The stretch and its price.</param>
    /// <param name="hours">What ran in each hour, smallest unit times µs.</param>
    /// <param name="left">How much of the whole is left.</param>
    /// <param name="whole">The whole.</param>
    public IEnumerable<(string Source, Fixed Quantity)> ByCommitments(Product product, Rate rate, IReadOnlyList<(long Hour, Int128 Sum)> hours, Fixed left, Fixed whole)
    {
        var open = hours.ToDictionary(h => h.Hour, h => (Int128)BigInteger.Divide((BigInteger)h.Sum * (BigInteger)left.Units, (BigInteger)whole.Units));
        foreach (var reservation in _reservations.Where(r => r.Product == product.Id && r.Valid.Contains(rate.When.From)))
        {
            yield return (reservation.Id, product.Unit.Of(Take(open, (hour, sum) => Reserved(product, reservation, rate.When, hour, sum))));
        }

        foreach (var plan in _plans.Where(p => product.Id.Fits(p.Products) && p.Valid.Contains(rate.When.From) && rate.Price.Steps.Count == 1))
        {
            yield return (plan.Id, product.Unit.Of(Take(open, (hour, sum) => Affordable(product, plan, rate.Price, hour, sum))));
        }
    }

    // Takes from each hour at most what the commitment bears there.
    private static Int128 Take(Dictionary<long, Int128> open, Func<long, Int128, Int128> bears)
    {
        Int128 taken = 0;
        foreach (var hour in open.Keys.Order())
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrNullRef(open, hour);
            var most = Int128.Min(bears(hour, sum), sum);
            sum -= most;
            taken += most;
        }

        return taken;
    }

    // How much of an hour's usage in a stretch is reserved. Projects with contracts of their own have stretches beside the others', and the same reservation.
    private Int128 Reserved(Product product, Reservation reservation, Period stretch, long hour, Int128 sum)
    {
        ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(_held, (reservation.Id, hour), out _);
        var (each, clock) = (reservation.Units * product.Unit.Count * SaleUnit.Smallest(product.Unit.Size), new Period(hour * Hour, (hour + 1) * Hour));
        var most = Int128.Min(sum, Int128.Min(each * clock.Meet(stretch).Length, each * clock.Meet(reservation.Valid).Length - held));
        held += most;
        return most;
    }

    // How much of an hour's usage the plan's amount for that hour still pays at its lower price.
    private Int128 Affordable(Product product, SavingsPlan plan, Price price, long hour, Int128 sum)
    {
        ref var spent = ref CollectionsMarshal.GetValueRefOrAddDefault(_spent, (plan.Id, hour), out _);
        var each = price.Steps[0].Each;
        var cost = product.Unit.Of(sum).Times(each - each.Percent(plan.Percent));
        var budget = plan.PerHour - spent;
        if (cost <= budget)
        {
            spent += cost;
            return sum;
        }

        spent = plan.PerHour;
        return (Int128)BigInteger.Divide((BigInteger)sum * (BigInteger)budget.Units, (BigInteger)cost.Units);
    }
}
