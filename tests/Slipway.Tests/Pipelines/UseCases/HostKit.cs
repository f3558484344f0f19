using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Pipelines.Connectors;
using Slipway.Pipelines.UseCases;

namespace Slipway.Tests.Pipelines.UseCases;

/// <summary>A host with a real store and real files, on a clock that the test moves.</summary>
internal sealed class HostKit : IAsyncDisposable
{
    private readonly TempStore _store;

    public HostKit(SumScorer scorer, Func<IUseCaseStore, IUseCaseStore>? wrap = null)
    {
        Time = new ManualTimeProvider();
        _store = new TempStore(Time);
        Store = wrap?.Invoke(_store.Store) ?? _store.Store;
        Scorer = scorer;
        Directory.CreateDirectory(Path.Combine(Folder, "in"));
        Host = NewHost();
    }

    public ManualTimeProvider Time { get; }

    public IUseCaseStore Store { get; }

    public SumScorer Scorer { get; }

    public UseCaseHost Host { get; private set; }

    public string Folder => _store.Folder;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static string Yaml(string rest, string source = "csv: { path: \"in/*.csv\", follow: true }") =>
        $"use-case: sum\nsource: {{ {source} }}\nmodel: m@champion\n{rest}";

    /// <summary>Deploys and starts.</summary>
    public async Task ApplyAsync(string rest, string? source = null)
    {
        await Host.ApplyAsync(source is null ? Yaml(rest) : Yaml(rest, source), Folder, "test", null, Cancellation);
        await Host.StartAsync(Cancellation);
    }

    /// <summary>As a restart of the process would: another host on the same store.</summary>
    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        Host = NewHost();
        await Host.StartAsync(Cancellation);
    }

    public void Append(string file, params string[] lines) => File.AppendAllText(Path.Combine(Folder, "in", file), string.Concat(lines.Select(line => line + "\n")));

    public string[] Output(string file = "out.csv") => File.Exists(Path.Combine(Folder, file)) ? File.ReadAllLines(Path.Combine(Folder, file)) : [];

    public UseCaseStatus Status() => Host.Status("sum");

    /// <summary>Lets time pass, second by second, until what is expected has come.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30), $"still {Status()}");
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(2, Cancellation);
        }
    }

    public Task UntilAsync(UseCaseState state) => UntilAsync(() => Status().State == state);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _store.Dispose();
    }

    private UseCaseHost NewHost() => new(
        new UseCaseServices(Store, Scorer, null, Secrets.FromMachine, Time, NullLogger.Instance), UseCaseHostOptions.Default with { BatchSize = 3 });
}
