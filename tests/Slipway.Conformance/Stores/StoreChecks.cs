using System.Collections.Immutable;
using System.Text;
using Slipway.Core;

namespace Slipway.Conformance;

/// <summary>One implementation of the stores, opened on a place that was empty.</summary>
public interface IStoresUnderTest : IDisposable
{
    IRegistry Registry { get; }

    IArtifactStore Artifacts { get; }

    IUseCaseStore UseCases { get; }

    ISampleStore Samples { get; }

    IAlertStore Alerts { get; }

    /// <summary>Closes everything and opens it again on the same place, as a restart does.</summary>
    void Reopen();
}

/// <summary>One property that every implementation has. It throws <see cref="ConformanceException"/> when this one does not.</summary>
public sealed record StoreCheck(string Name, Func<IStoresUnderTest, Task> Run)
{
    public StoreCheck(string name, Action<IStoresUnderTest> run)
        : this(name, stores =>
        {
            run(stores);
            return Task.CompletedTask;
        })
    {
    }

    public override string ToString() => Name;
}

/// <summary>What any implementation of the store contracts must do. Each check wants freshly opened, empty stores.</summary>
public static partial class StoreChecks
{
    public static IReadOnlyList<StoreCheck> All => [.. Registry, .. Artifacts, .. UseCases, .. Samples, .. Alerts];

    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static async Task<PackageFile> PutAsync(IStoresUnderTest stores, string path, string content)
    {
        var (sha256, size) = await stores.Artifacts.PutAsync(new MemoryStream(Encoding.UTF8.GetBytes(content)), default);
        return new PackageFile(path, sha256, size);
    }

    private static async Task<NewVersion> PackageAsync(IStoresUnderTest stores, string model, string content) =>
        Version(model, [await PutAsync(stores, "model.json", content), await PutAsync(stores, "rows/inputs.csv", "x\n1\n")]);

    private static NewVersion Version(string model, ImmutableArray<PackageFile> files) => new(
        model, "trees", "xgboost-json",
        new Signature(
            [new TensorSpec("input", ElementType.Float32, [-1, 2], Columns: ["a", "b"]), new TensorSpec("season", ElementType.Bytes, [-1], Optional: true, AllowedValues: ["dry", "wet"])],
            [new TensorSpec("prediction", ElementType.Float64, [-1])]),
        files,
        new Lineage(Run: "run-7", Code: "3f2a", Note: "ünïcode; 'quotes' \"too\""),
        new ParityReport(true, 3, 1e-7, double.PositiveInfinity, long.MaxValue, null),
        "ada");

    private static void Expect(bool condition, string expected)
    {
        if (!condition) throw new ConformanceException("expected: " + expected);
    }

    private static void ExpectEqual<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual)) throw new ConformanceException($"{what}: expected {expected?.ToString() ?? "null"}, found {actual?.ToString() ?? "null"}");
    }

    private static void ExpectSequence<T>(IEnumerable<T> expected, IEnumerable<T> actual, string what) =>
        ExpectEqual(string.Join(" | ", expected), string.Join(" | ", actual), what);

    private static TException ExpectThrows<TException>(Action action, string what) where TException : Exception
    {
        try
        {
            action();
        }
        catch (TException e)
        {
            return e;
        }
        catch (Exception e)
        {
            throw new ConformanceException($"{what}: expected {typeof(TException).Name}, found {e.GetType().Name}: {e.Message}");
        }
        throw new ConformanceException($"{what}: expected {typeof(TException).Name}, nothing was thrown");
    }
}
