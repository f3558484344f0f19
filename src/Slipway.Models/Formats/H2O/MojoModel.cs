using System.Collections.Immutable;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Formats.H2O;

/// <summary>
/// What an algorithm's reader makes of its part of a file: a model over rows of plain values in the order of <see cref="MojoHeader.RowColumns"/>
/// (places of levels for categorical columns, NaN for what is missing or unknown).
/// </summary>
internal sealed record MojoModel(MojoHeader Header)
{
    /// <summary>The trees; at most one of these, <see cref="Linear"/> and <see cref="Kernel"/> is there.</summary>
    public TreeEnsemble? Trees { get; init; }

    /// <summary>Of <see cref="Trees"/>.</summary>
    public int TreesPerRound { get; init; } = 1;

    /// <summary>What makes margins of the sums of <see cref="Trees"/>.</summary>
    public ScaleAndBias? ScaleAndBias { get; init; }

    public LinearBooster? Linear { get; init; }

    public MarginKernel<double>? Kernel { get; init; }

    /// <summary>Makes the rows that <see cref="Trees"/> or <see cref="Linear"/> take, when they take other than plain ones.</summary>
    public BoosterEncoding? Encoding { get; init; }

    public MarginTransform Transform { get; init; } = MarginTransform.Identity;

    /// <summary>In the place of <see cref="Transform"/>.</summary>
    public PredictionFunction? Function { get; init; }

    /// <summary>The names of a row's predictions, if it has several; of a classifier, those of its classes come first.</summary>
    public ImmutableArray<string> Predictions { get; init; } = [];

    /// <summary>Where the second class of two is chosen.</summary>
    public double Threshold { get; init; } = Header.Classes.Length == 2 ? Header.Threshold : double.NaN;

    public ImmutableArray<KeyValuePair<string, string>> Facts { get; init; } = [];

    public ImmutableArray<string> Unsupported { get; init; } = [];

    /// <summary>A model that is described, but cannot run.</summary>
    public static MojoModel Unknown(MojoHeader header, string reason) => new(header) { Unsupported = [reason] };
}
