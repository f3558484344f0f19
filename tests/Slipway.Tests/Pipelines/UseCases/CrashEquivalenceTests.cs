using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Pipelines.UseCases;

namespace Slipway.Tests.Pipelines.UseCases;

/// <summary>
/// A process that dies again and again, before, within and after every write, ends up with what one that never dies does: every good row acted on at least once,
/// in a keyed table exactly once, every bad row in quarantine exactly once.
/// </summary>
public sealed class CrashEquivalenceTests
{
    private const int Rows = 300;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Nothing_is_lost_over_crashes(int seed)
    {
        var random = new Random(seed);
        using var temp = new TempStore(TimeProvider.System);
        var log = new ProbeLog();
        ProbeSink.Log.Value = log;
        var crash = new CancellationTokenSource();
        void MaybeCrash(int oneIn)
        {
            if (random.Next(oneIn) != 0) return;
            crash.Cancel();
            throw new OperationCanceledException("crash", crash.Token);
        }

        log.OnDelivery = _ => MaybeCrash(6);
        var store = new CrashingStore(temp.Store, () => MaybeCrash(4));
        var scorer = new SumScorer("a") { Before = _ => MaybeCrash(12) };
        var document = Specs.Read($$"""
            use-case: sum
            source: { csv: { path: "in-*.csv", follow: true, columns: { id: number, a: number } } }
            model: m
            act:
              - probe: {}
              - table: { connection: "Data Source=out.db", name: predictions, key: [id], columns: [id, prediction] }
            """);
        var (good, bad) = (new List<int>(), new List<int>());
        var (written, crashes) = (0, 0);
        while (true)
        {
            if (written < Rows) written = Append(temp.Folder, random, written, good, bad);
            try
            {
                var more = await RunAsync(document, Specs.Services(store, scorer, TimeProvider.System), temp.Folder, random.Next(1, 20), crash.Token);
                if (!more && written >= Rows) break;
            }
            catch (OperationCanceledException)
            {
                crashes++;
                crash = new CancellationTokenSource();
            }
        }

        Assert.True(crashes > 10, $"only {crashes} crashes");
        var acted = log.Accepted.SelectMany(d => d.Rows).Select(line => int.Parse(line.Split(' ', '=')[1], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(good, acted.Distinct().Order());
        Assert.True(acted.Count > good.Count, "crashes between action and commit bring rows again");
        Assert.Equal(bad, temp.Store.Quarantine("sum", int.MaxValue).Select(q => int.Parse(q.Raw.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture)).Order());
        Assert.Equal(good, Table(temp.Folder));
        Assert.All(log.Accepted.GroupBy(d => d.Id), same => Assert.Single(same.Select(d => string.Join('|', d.Rows)).Distinct()));
    }

    /// <summary>One life of the process.</summary>
    private static async Task<bool> RunAsync(SpecDocument<UseCaseSpec> document, UseCaseServices services, string folder, int batchSize, CancellationToken cancellation)
    {
        var spec = document.Value;
        await using var source = spec.Source.Open(services.Context(spec.UseCase, folder));
        if (await source.DiscoverAsync(cancellation) is not { } schema) return true;
        var bound = UseCaseCompiler.Bind(document, schema, services.Scorer.SignatureOf(spec.Model));
        await using var useCase = await CompiledUseCase.CompileAsync(bound, services, folder);
        var any = false;
        while (true)
        {
            var from = services.Store.Position(spec.UseCase);
            using var batch = await source.ReadAsync(schema, from, batchSize, cancellation);
            if (batch is null) return any;
            await useCase.ProcessAsync(batch, from, cancellation);
            any = true;
        }
    }

    private static int Append(string folder, Random random, int written, List<int> good, List<int> bad)
    {
        var file = Path.Combine(folder, $"in-{written / 100}.csv");
        using var lines = new StreamWriter(file, append: true);
        if (lines.BaseStream.Length == 0) lines.Write("id,a\n");
        for (var end = Math.Min(Rows, written + random.Next(1, 30)); written < end; written++)
        {
            if (written / 100 != int.Parse(Path.GetFileNameWithoutExtension(file)[3..], System.Globalization.CultureInfo.InvariantCulture)) break;
            var kind = random.Next(10);
            lines.Write($"{written},{(kind == 0 ? "oops" : kind == 1 ? "-1" : "2")}\n");
            (kind < 2 ? bad : good).Add(written);
        }
        return written;
    }

    private static List<int> Table(string folder)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(folder, "out.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM predictions ORDER BY id";
        using var reader = command.ExecuteReader();
        var ids = new List<int>();
        while (reader.Read()) ids.Add(reader.GetInt32(0));
        return ids;
    }

    private sealed class CrashingStore(IUseCaseStore inner, Action maybeCrash) : StoreDecorator(inner)
    {
        public override void Commit(string useCase, string position, IReadOnlyList<QuarantinedRow> bad)
        {
            maybeCrash();
            Inner.Commit(useCase, position, bad);
            maybeCrash();
        }
    }
}
