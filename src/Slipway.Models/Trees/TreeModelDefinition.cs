using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Trees.Explanations;
using Slipway.Models.Trees.Features;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Trees;

/// <summary>What a reader makes of a file: everything a <see cref="TreesModel{T}"/> is compiled from.</summary>
/// <param name="Signature">One matrix in, or a column for each feature; one tensor out, or with <see cref="Labels"/> two.</param>
/// <param name="Transform">From margins to predictions.</param>
internal sealed record TreeModelDefinition(Signature Signature, MarginTransform Transform)
{
    /// <summary>The trees; one of these, <see cref="Linear"/> and <see cref="Kernel"/> is there.</summary>
    public TreeEnsemble? Trees { get; init; }

    /// <summary>Trees that a round of boosting adds: one for each output, or more.</summary>
    public int TreesPerRound { get; init; } = 1;

    /// <summary>A linear booster.</summary>
    public LinearBooster? Linear { get; init; }

    /// <summary>A model of another kind that the format has of its own.</summary>
    public MarginKernel<double>? Kernel { get; init; }

    /// <summary>From inputs to the rows of kernels; null when the only input is a matrix of them.</summary>
    public FeatureEncoder? Encoder { get; init; }

    /// <summary>What makes margins of the sums of <see cref="Trees"/>; null: they are margins as they are.</summary>
    public ScaleAndBias? ScaleAndBias { get; init; }

    /// <summary>Margins are multiplied by it before they are transformed.</summary>
    public double MarginScale { get; init; } = 1;

    /// <summary>In the place of <see cref="Transform"/>, where that cannot say it. Not for float32 arithmetic.</summary>
    public PredictionFunction? Function { get; init; }

    /// <summary>When set, the first output is a label and the second the predictions that it is chosen by.</summary>
    public ClassLabels? Labels { get; init; }

    /// <summary>When set, makes the outputs of the signature of the predictions.</summary>
    public OutputWriter? Writer { get; init; }

    /// <summary>Sums are computed in float32, and so are all predictions.</summary>
    public bool IsFloat32 => Linear is not null || Trees?.Arithmetic == TreeArithmetic.Float32;

    /// <summary>The names of the features in a kernel's row, as far as they have any.</summary>
    public ImmutableArray<string> FeatureNames
    {
        get => !field.IsDefault ? field : Signature.Inputs is [{ Shape.Length: 2 } matrix] ? matrix.Columns : [.. Signature.Inputs.Select(i => i.Name)];
        init;
    }

    /// <summary>Whose contributions are told; null: those of the features of a kernel's row.</summary>
    public ContributionFeatures? ContributionFeatures { get; init; }

    /// <summary>The output that holds the predictions.</summary>
    public TensorSpec PredictionOutput => Writer?.Predictions ?? Signature.Outputs[Labels is null ? 0 : 1];

    /// <summary>What the format alone knows: library version, objective, categories, …</summary>
    public ImmutableArray<KeyValuePair<string, string>> Facts { get; init; } = [];

    /// <summary>What cannot be run, each with its place; when not empty the model is described but not opened.</summary>
    public ImmutableArray<string> Unsupported { get; init; } = [];
}

/// <summary>Applied when a sum is complete, so that it is rounded as the libraries round it that do not start sums from the bias: <c>scale × sum + bias</c>.</summary>
/// <param name="Bias">By output.</param>
internal sealed record ScaleAndBias(double Scale, ImmutableArray<double> Bias);

/// <summary>A file format that holds trees. Stateless.</summary>
internal interface ITreeFormat
{
    string Name { get; }

    /// <summary>True when the first bytes look like this format. Never throws.</summary>
    bool Matches(string fileName, ReadOnlySpan<byte> head);

    /// <summary>Whether a file that <see cref="Matches"/> is of this format after all: for formats that more of the file than its head tells from others.</summary>
    /// <exception cref="ModelException">The file cannot be read.</exception>
    bool Accepts(string path) => true;

    /// <exception cref="ModelException">The file is damaged.</exception>
    TreeModelDefinition Read(ReadOnlySpan<byte> file);

    /// <summary>
    /// Reads what margins and predictions need. What training knew of nodes, and the library's numbers of leaves, may be left out where they are parts of the
    /// file that can be passed over.
    /// </summary>
    /// <exception cref="ModelException">What is read is damaged.</exception>
    TreeModelDefinition ReadForScores(ReadOnlySpan<byte> file) => Read(file);

    /// <summary>Whether the file that <see cref="Matches"/> is all of the model, as it nearly always is; else others beside it are the rest.</summary>
    bool IsOneFile => true;

    /// <summary>Reads a model from where it lies, for formats of which the file is not the whole model, or is mostly passed over.</summary>
    /// <param name="path">Of a file that <see cref="Matches"/>.</param>
    /// <param name="forScores">See <see cref="ReadForScores"/>.</param>
    /// <returns>null when all of the file is to be in memory first, as nearly always.</returns>
    /// <exception cref="ModelException">A file is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    TreeModelDefinition? ReadInPlace(string path, bool forScores) => null;
}
