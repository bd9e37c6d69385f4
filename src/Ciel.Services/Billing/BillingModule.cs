using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Clock;
using Ciel.Services.Billing.CloudKitty;
using Ciel.Services.Billing.Control;
using Ciel.Services.Billing.Coupons;
using Ciel.Services.Billing.Documents;
using Ciel.Services.Billing.Documents.Host;
using Ciel.Services.Billing.Door;
using Ciel.Services.Billing.Focus;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Notices;
using Ciel.Services.Billing.Notices.Host;
using Ciel.Services.Billing.Payments;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Purchases;
using Ciel.Services.Billing.Reports;
using Ciel.Services.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Services.Billing;

/// <summary>Bills for what ran.</summary>
internal sealed class BillingModule : IServiceModule
{
    public IReadOnlyList<Migration> Migrations => Schema.Migrations;

    public void Register(IServiceCollection services)
    {
        services.AddSingleton<BookShelf>().AddSingleton<DraftBook>().AddSingleton<InvoiceBook>().AddSingleton<AccountBook>();
        services.AddSingleton<IBillingStart>(p => p.GetRequiredService<AccountBook>());
        services.AddSingleton<AccountWork>().AddSingleton<SandboxClock>().AddSingleton<ProjectPower>().AddSingleton<ClockApi>();
        services.AddSingleton<NoticeBook>().AddSingleton<NoticeApi>().AddSingleton<IMailRelay>(p => new SmtpRelay(p.GetService<MailOptions>() ?? MailOptions.None));
        services.AddSingleton<PaymentBook>().AddSingleton<ProviderApi>().AddSingleton<IPaymentProvider, BankTransfer>().AddSingleton<IPaymentProvider, WebhookProvider>();
        services.AddSingleton<Keeper, DeliveryKeeper>();
        services.AddSingleton<CostApi>().AddSingleton<TagApi>();
        services.AddSingleton<BillingKeeper>();
        services.AddSingleton<Keeper>(p => p.GetRequiredService<BillingKeeper>());
        services.AddSingleton<AccountControl>().AddSingleton<ControlApi>();
        services.AddSingleton<OrderBook>().AddSingleton<OrderApi>().AddSingleton<CouponApi>().AddSingleton<PaymentApi>();
        services.AddSingleton<PriceApi>().AddSingleton<AccountApi>().AddSingleton<InvoiceApi>();
        services.AddSingleton<EntityBook>().AddSingleton<EntityApi>().AddSingleton<DocumentApi>().AddSingleton<InvoiceFonts>().AddSingleton<FocusApi>();
        services.AddSingleton<RatingQuery>().AddSingleton<RatingApi>().AddSingleton<RatingV1Api>().AddSingleton<DataframesApi>().AddSingleton(new CatalogEntry("rating", "cloudkitty", "/rating"));
    }

    public void Map(IEndpointRouteBuilder app, RouteMaker routes)
    {
        var door = routes(BillingDoor.Door);
        app.ServiceProvider.GetRequiredService<PriceApi>().Map(door);
        app.ServiceProvider.GetRequiredService<AccountApi>().Map(door);
        app.ServiceProvider.GetRequiredService<InvoiceApi>().Map(door);
        app.ServiceProvider.GetRequiredService<OrderApi>().Map(door);
        app.ServiceProvider.GetRequiredService<CouponApi>().Map(door);
        app.ServiceProvider.GetRequiredService<PaymentApi>().Map(door);
        app.ServiceProvider.GetRequiredService<EntityApi>().Map(door);
        app.ServiceProvider.GetRequiredService<DocumentApi>().Map(door);
        app.ServiceProvider.GetRequiredService<FocusApi>().Map(door);
        app.ServiceProvider.GetRequiredService<ClockApi>().Map(door);
        app.ServiceProvider.GetRequiredService<CostApi>().Map(door);
        app.ServiceProvider.GetRequiredService<TagApi>().Map(door);
        app.ServiceProvider.GetRequiredService<NoticeApi>().Map(door);
        app.ServiceProvider.GetRequiredService<ProviderApi>().Map(door);
        app.ServiceProvider.GetRequiredService<ControlApi>().Map(door);
        var rating = routes(RatingDoor.Door);
        app.ServiceProvider.GetRequiredService<RatingApi>().Map(rating);
        app.ServiceProvider.GetRequiredService<RatingV1Api>().Map(rating);
        app.ServiceProvider.GetRequiredService<DataframesApi>().Map(rating);
        RatingModulesApi.Map(rating);
    }
}
