using Slipway.Core;

namespace Slipway.Conformance;

public static partial class StoreChecks
{
    public static IReadOnlyList<StoreCheck> Registry =>
    [
        new("registry: starts empty", stores =>
        {
            Expect(stores.Registry.Snapshot().Versions.IsEmpty, "no versions in a new registry");
            Expect(stores.Registry.Snapshot().Aliases.IsEmpty, "no aliases in a new registry");
            ExpectEqual(0, stores.Registry.History("bike").Count, "history of an unknown model");
        }),
        new("registry: versions count from 1 for each model", async stores =>
        {
            for (var i = 1; i <= 3; i++)
            {
                ExpectEqual(i, stores.Registry.Add(await PackageAsync(stores, "bike", $"bike {i}")).Version, "version of bike");
                ExpectEqual(i, stores.Registry.Add(await PackageAsync(stores, "mill", $"mill {i}")).Version, "version of mill");
            }
            ExpectSequence(
                ["bike/1", "bike/2", "bike/3", "mill/1", "mill/2", "mill/3"],
                stores.Registry.Snapshot().Versions.Select(v => v.ToString()).Order(StringComparer.Ordinal), "versions");
        }),
        new("registry: a version comes back as it went in, also after a restart", async stores =>
        {
            var version = await PackageAsync(stores, "bike", "content");
            var added = stores.Registry.Add(version);
            stores.Reopen();
            var found = stores.Registry.Snapshot().Versions.Single();
            foreach (var each in (ModelVersion[])[added, found])
            {
                ExpectEqual(version.Signature, each.Signature, "signature");
                ExpectSequence(version.Files, each.Files, "files");
                ExpectEqual(version.Lineage, each.Lineage, "lineage");
                ExpectEqual(version.Parity, each.Parity, "parity");
                ExpectEqual((version.Name, version.Runtime, version.Format, version.CreatedBy), (each.Name, each.Runtime, each.Format, each.CreatedBy), "name, runtime, format, created by");
            }
            ExpectEqual(added.CreatedAt, found.CreatedAt, "created at");
            ExpectEqual(added.Digest, found.Digest, "digest");
        }),
        new("registry: the same content has the same digest, whatever the order of its files", async stores =>
        {
            var version = await PackageAsync(stores, "bike", "content");
            var first = stores.Registry.Add(version);
            var other = stores.Registry.Add(version with { Name = "other", Files = [.. version.Files.Reverse()] });
            ExpectEqual(first.Digest, other.Digest, "digest");
            var renamed = stores.Registry.Add(version with { Files = [version.Files[0] with { Path = "renamed.json" }, version.Files[1]] });
            Expect(renamed.Digest != first.Digest, "another path, another digest");
        }),
        new("registry: the same content under the same name is the version that is there, and moves the alias", async stores =>
        {
            var version = await PackageAsync(stores, "bike", "one");
            var first = stores.Registry.Add(version);
            stores.Registry.Add(await PackageAsync(stores, "bike", "two"), "champion");
            var again = stores.Registry.Add(version with { CreatedBy = "grace" }, "champion", "back");
            ExpectEqual((1, "ada", first.CreatedAt), (again.Version, again.CreatedBy, again.CreatedAt), "the first version, as it was");
            ExpectEqual(2, stores.Registry.Snapshot().Versions.Length, "versions");
            ExpectEqual(1, stores.Registry.Snapshot().Resolve(ModelReference.Parse("bike@champion")).Version, "champion");
            var move = stores.Registry.History("bike")[0];
            ExpectEqual(("champion", 2, 1, "grace", "back"), (move.Alias, move.From ?? 0, move.To ?? 0, move.Who, move.Why), "newest move");
        }),
        new("registry: an alias moves, is removed, and every move is kept, newest first", async stores =>
        {
            for (var i = 1; i <= 3; i++) stores.Registry.Add(await PackageAsync(stores, "bike", $"{i}"));
            stores.Registry.SetAlias("bike", "champion", 1, "ada", "first");
            stores.Registry.SetAlias("bike", "champion", 3, "grace", null);
            stores.Registry.SetAlias("bike", "challenger", 2, "ada", null);
            stores.Registry.SetAlias("bike", "champion", null, "ada", "retired");
            stores.Reopen();
            ExpectSequence(
                ["champion 3→ ada retired", "challenger →2 ada ", "champion 1→3 grace ", "champion →1 ada first"],
                stores.Registry.History("bike").Select(c => $"{c.Alias} {c.From}→{c.To} {c.Who} {c.Why}"), "history");
            ExpectSequence(["challenger=2"], stores.Registry.Snapshot().Aliases["bike"].Select(a => $"{a.Key}={a.Value}"), "aliases");
            ExpectEqual(2, stores.Registry.History("bike", 2).Count, "history with a limit");
        }),
        new("registry: setting an alias to where it is says nothing new", async stores =>
        {
            stores.Registry.Add(await PackageAsync(stores, "bike", "1"), "champion");
            var before = stores.Registry.ChangeCounter();
            stores.Registry.SetAlias("bike", "champion", 1, "ada", null);
            ExpectEqual(1, stores.Registry.History("bike").Count, "moves");
            ExpectEqual(before, stores.Registry.ChangeCounter(), "change counter");
        }),
        new("registry: an alias to nothing is refused and changes nothing", async stores =>
        {
            stores.Registry.Add(await PackageAsync(stores, "bike", "1"), "champion");
            var before = stores.Registry.ChangeCounter();
            ExpectThrows<NotFoundException>(() => stores.Registry.SetAlias("bike", "champion", 2, "ada", null), "alias to an unknown version");
            ExpectThrows<NotFoundException>(() => stores.Registry.SetAlias("bike", "champion", 0, "ada", null), "alias to version 0");
            ExpectThrows<NotFoundException>(() => stores.Registry.SetAlias("boat", "champion", 1, "ada", null), "alias of an unknown model");
            ExpectThrows<NotFoundException>(() => stores.Registry.SetAlias("bike", "challenger", null, "ada", null), "removing an alias that is not there");
            ExpectThrows<SlipwayException>(() => stores.Registry.SetAlias("bike", "a/b", 1, "ada", null), "an alias that breaks the rule for names");
            ExpectEqual(before, stores.Registry.ChangeCounter(), "change counter");
            ExpectEqual(1, stores.Registry.Snapshot().Aliases["bike"]["champion"], "champion");
        }),
        new("registry: a version that cannot be is refused and changes nothing", async stores =>
        {
            var good = await PackageAsync(stores, "bike", "1");
            ExpectThrows<SlipwayException>(() => stores.Registry.Add(good with { Name = "../bike" }), "a name that breaks the rule");
            ExpectThrows<SlipwayException>(() => stores.Registry.Add(good, "no spaces"), "an alias that breaks the rule");
            ExpectThrows<ModelException>(() => stores.Registry.Add(good with { Files = [] }), "no files");
            ExpectThrows<ModelException>(() => stores.Registry.Add(good with { Files = [good.Files[0], good.Files[0]] }), "the same path twice");
            ExpectThrows<ModelException>(() => stores.Registry.Add(good with { Files = [good.Files[0] with { Sha256 = new string('0', 64) }] }), "a file that is not stored");
            foreach (var path in HostilePaths)
            {
                ExpectThrows<ModelException>(() => stores.Registry.Add(good with { Files = [good.Files[0] with { Path = path }] }), $"the path '{path}'");
            }
            ExpectEqual(0L, stores.Registry.ChangeCounter(), "change counter");
            Expect(stores.Registry.Snapshot().Versions.IsEmpty, "no versions");
        }),
        new("registry: a path may be any name that every system takes", async stores =>
        {
            var good = await PackageAsync(stores, "bike", "1");
            string[] paths = ["a", "a b/c-d.e_f", "..a", "...b", "weights/layer.0.weight", "größe/漢字 🙂.bin", new string('n', 255)];
            var version = stores.Registry.Add(good with { Files = [.. paths.Select(path => good.Files[0] with { Path = path })] });
            var folder = stores.Artifacts.Materialize(version);
            foreach (var path in paths) Expect(File.Exists(Path.Combine(folder, path)), $"the folder has '{path}'");
        }),
        new("registry: the change counter grows with every change, and a snapshot does not change", async stores =>
        {
            var counters = new List<long> { stores.Registry.ChangeCounter() };
            var empty = stores.Registry.Snapshot();
            stores.Registry.Add(await PackageAsync(stores, "bike", "1"));
            counters.Add(stores.Registry.ChangeCounter());
            stores.Registry.Add(await PackageAsync(stores, "bike", "2"), "champion");
            counters.Add(stores.Registry.ChangeCounter());
            stores.Registry.SetAlias("bike", "champion", 1, "ada", null);
            counters.Add(stores.Registry.ChangeCounter());
            for (var i = 1; i < counters.Count; i++) Expect(counters[i] > counters[i - 1], $"the counter grows: {string.Join(", ", counters)}");
            Expect(empty.Versions.IsEmpty, "the first snapshot stays empty");
            stores.Reopen();
            ExpectEqual(counters[^1], stores.Registry.ChangeCounter(), "change counter after a restart");
        }),
        new("registry: threads that add and move at once get every version once", async stores =>
        {
            const int Threads = 4, Each = 10;
            var packages = new List<NewVersion>();
            for (var i = 0; i < Threads * Each; i++) packages.Add(await PackageAsync(stores, "bike", $"{i}"));
            await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
            {
                for (var i = 0; i < Each; i++)
                {
                    var added = stores.Registry.Add(packages[(thread * Each) + i], "champion");
                    Expect(stores.Registry.Snapshot().Versions.Any(v => v.Version == added.Version && v.Digest == added.Digest), "an added version is in the next snapshot");
                }
            })));
            ExpectSequence(Enumerable.Range(1, Threads * Each), stores.Registry.Snapshot().Versions.Select(v => v.Version).Order(), "versions");
            var history = stores.Registry.History("bike", 1000);
            ExpectEqual(Threads * Each, history.Count, "moves");
            for (var i = 1; i < history.Count; i++) ExpectEqual(history[i].To, history[i - 1].From, "each move begins where the one before ended");
        }),
    ];

    private static readonly string[] HostilePaths =
    [
        "", ".", "..", "/etc/passwd", "../model.json", "a/../../b", "a//b", "a/", "./a", "a/./b", "a\\..\\b", "C:/x", "c:x", "a\0b", "a\nb", "con/..", "a/.. ", "x.",
        new string('a', 5000), "\ud800",
    ];
}
