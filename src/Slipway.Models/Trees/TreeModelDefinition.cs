using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Trees;

/// <summary>What a reader makes of a file: everything a <see cref="TreesModel"/> is compiled from.</summary>
/// <param name="Signature">One matrix in, one tensor out.</param>
/// <param name="Transform">From margins to predictions.</param>
internal sealed record TreeModelDefinition(Signature Signature, MarginTransform Transform)
{
    /// <summary>The trees, unless the booster is linear.</summary>
    public TreeEnsemble? Trees { get; init; }

    /// <summary>The linear booster, unless there are trees.</summary>
    public LinearBooster? Linear { get; init; }

    /// <summary>What the format alone knows: library version, objective, categories, …</summary>
    public ImmutableArray<KeyValuePair<string, string>> Facts { get; init; } = [];

    /// <summary>What cannot be run, each with its place; when not empty the model is described but not opened.</summary>
    public ImmutableArray<string> Unsupported { get; init; } = [];
}

/// <summary>A file format that holds trees. Stateless.</summary>
internal interface ITreeFormat
{
    string Name { get; }

    /// <summary>True when the first bytes look like this format. Never throws.</summary>
    bool Matches(string fileName, ReadOnlySpan<byte> head);

    /// <exception cref="ModelException">The file is damaged.</exception>
    TreeModelDefinition Read(ReadOnlySpan<byte> file);
}
