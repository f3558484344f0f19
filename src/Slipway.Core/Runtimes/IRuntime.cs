using System.Collections.Immutable;

namespace Slipway.Core;

/// <summary>
/// What executes models of some formats: <c>trees</c>, <c>onnxruntime</c>, … Opening goes through read → bind → compile;
/// every fault of the file is a <see cref="ModelException"/> from here, and what comes out can only fail on data.
/// </summary>
public interface IRuntime
{
    /// <summary>The name used in <c>model.yaml</c>.</summary>
    string Name { get; }

    /// <summary>The formats it reads, as <see cref="ModelDescription.Format"/> names them: for messages.</summary>
    IReadOnlyList<string> Formats => [Name];

    /// <summary>True when <paramref name="head"/> (the first bytes, up to 4 KiB) and the file name look like a format this runtime reads. Never throws.</summary>
    bool CanOpen(string fileName, ReadOnlySpan<byte> head);

    /// <summary>
    /// Whether the runtime takes a file that <see cref="CanOpen"/> recognised: where one container holds models of many kinds (ONNX), more than the first bytes
    /// must be looked at, and what is declined here is left to the next runtime.
    /// </summary>
    /// <exception cref="ModelException">The file cannot be read.</exception>
    bool Accepts(string path) => true;

    /// <summary>Reads what the file says of itself without making it runnable; unsupported parts are listed, not thrown.</summary>
    /// <exception cref="ModelException">The file cannot be understood at all.</exception>
    ModelDescription Describe(string path);

    /// <summary>Rows distributed as the model file says its training data were, one tensor <c>[rows]</c> a column; null when it says nothing. The caller disposes them.</summary>
    /// <exception cref="ModelException">The file cannot be understood.</exception>
    Batch? Reference(string path) => null;

    /// <summary>Reads, binds and compiles a model file.</summary>
    /// <exception cref="ModelException">The file is damaged, or uses something unsupported (named, with its place).</exception>
    IModel Open(string path, RuntimeOptions options);
}

/// <summary>A runnable model: thread-safe, deterministic, fails only on data.</summary>
public interface IModel : IDisposable
{
    Signature Signature { get; }

    /// <summary>
    /// Scores a batch whose tensors are the signature's inputs by name, type and rank (see <see cref="InputBinding"/> for other shapes of the same data).
    /// The caller keeps <paramref name="inputs"/> and owns the result: one tensor per output, in signature order.
    /// </summary>
    /// <exception cref="RecordException">The inputs do not fit the signature.</exception>
    Batch Run(Batch inputs);
}

/// <summary>Settings that a package may give its runtime.</summary>
/// <param name="Threads">Threads for one call; 0 lets the runtime choose, 1 runs on the caller's thread.</param>
/// <param name="Output">What the model is to answer. Runtimes refuse what they cannot.</param>
/// <param name="Rounds">Of a boosted model only so many rounds, from the first; 0 takes those that the file means.</param>
/// <param name="FastMath">The runtime may round in another order than the model is written in. Runtimes refuse it that know one order only.</param>
public sealed record RuntimeOptions(int Threads = 1, OutputKind Output = OutputKind.Prediction, int Rounds = 0, bool FastMath = false)
{
    public static RuntimeOptions Default { get; } = new();

    /// <summary>What runtimes begin with that know models as a whole only, and answer with their predictions.</summary>
    /// <exception cref="ModelException">The options ask for something else.</exception>
    public void RequireWholePredictions(string file, string runtime)
    {
        if (Output != OutputKind.Prediction) throw new ModelException($"{file}: {Output.ToString().ToLowerInvariant()} output is asked for, but models of the runtime '{runtime}' answer with predictions only");
        if (Rounds != 0) throw new ModelException($"{file}: {Rounds} rounds are asked for, but models of the runtime '{runtime}' have no rounds");
    }

    /// <summary>What runtimes begin with that have no fast math.</summary>
    /// <exception cref="ModelException">The options ask for it.</exception>
    public void RequireExactMath(string file, string runtime)
    {
        if (FastMath) throw new ModelException($"{file}: fast math is asked for, but the runtime '{runtime}' has none; 'onnx' has");
    }
}

/// <summary>What can be asked of a model.</summary>
public enum OutputKind
{
    /// <summary>What the model was made to predict.</summary>
    Prediction,

    /// <summary>The sums before the objective's transform (raw scores).</summary>
    Margin,

    /// <summary>The number of the leaf that each row reaches, for every tree.</summary>
    Leaf,

    /// <summary>How much each feature adds to the margin (SHAP values), and last what the sums start from.</summary>
    Contributions,
}

/// <summary>What a model file says of itself; the body of <c>slipway inspect</c>.</summary>
/// <param name="Format">The file format: <c>xgboost-json</c>, <c>xgboost-ubj</c>, <c>onnx</c>, …</param>
/// <param name="Facts">Ordered name/value pairs: library version, objective, trees, depth, operators, …</param>
/// <param name="Unsupported">What cannot run here, each with its place; empty when the model runs.</param>
public sealed record ModelDescription(
    string Format,
    string Runtime,
    Signature? Signature,
    ImmutableArray<KeyValuePair<string, string>> Facts,
    ImmutableArray<string> Unsupported)
{
    /// <summary>What the trees of a model split on, most splits first; empty for models of another kind.</summary>
    public ImmutableArray<FeatureSplits> Splits { get; init; } = [];
}

/// <summary>How much the trees of a model use a feature.</summary>
/// <param name="Splits">Nodes that split on it, in all trees.</param>
/// <param name="ByCategory">The nodes of these that ask for categories, not for a threshold.</param>
/// <param name="Gain">The sum of what these splits gained in training; null when the file does not say.</param>
public sealed record FeatureSplits(string Feature, int Splits, int ByCategory, double? Gain);
