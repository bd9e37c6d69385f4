using System.CommandLine;
using Ciel.Core.Host;
using Ciel.Core.Trust;
using Ciel.Core.Trust.Host;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>`ciel key rotate`: a new root key, and a new key for secrets at rest, while Ciel is down.</summary>
internal static class KeyCommand
{
    public static Command Make(Globals globals, TimeProvider time)
    {
        var forget = new Option<bool>("--forget") { Description = "Forget the older root keys. Backups made before now can then no longer be opened." };
        var rotate = new Command("rotate", "Make a new root key and wrap all keys under it. Secrets that are stored stay readable. Ciel must be down (`ciel down`); machines go on.") { forget };
        rotate.SetAction(async (parsed, cancel) =>
        {
            var options = globals.Known(parsed);
            // A running program would not know the new key.
            using var only = InstanceLock.Take(options);
            var newest = await Rotate(options, parsed.GetValue(forget), time, cancel);
            Console.WriteLine($"The root key is now {newest}, in {options.RootKey}. Copy that file to where you keep it apart from backups.");
        });
        return new Command("key", "Keys that protect secrets at rest.") { rotate };
    }

    // The file holds both keys before the store needs the new one, and the old one until the store needs it no more: a crash between leaves both good.
    private static async Task<string> Rotate(CielOptions options, bool forget, TimeProvider time, CancellationToken cancel)
    {
        var secrets = new SystemSecrets();
        await using var db = StoreOpener.Open(options, new Setting(time, SeededChance.New(), secrets));
        var root = RootKeyFile.Open(options.RootKey, secrets).Renewed(secrets);
        RootKeyFile.Write(options.RootKey, root);
        var ring = new KeyRing(db, root, secrets, time);
        await ring.WrapAgain(root, cancel);
        await ring.Rotate(cancel);
        if (forget)
        {
            RootKeyFile.Write(options.RootKey, root.WithoutOld());
        }

        return root.Newest;
    }
}
