using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Models.Parity;

namespace Slipway.Models.Packages;

/// <summary>What <c>model.yaml</c> says. Everything may be absent: then the model file speaks for itself.</summary>
[Summary("A model package: this file beside the model file, with recorded rows to prove that it answers here as it did where it was made.")]
[Example("""
    artifact: model.json
    signature:
      inputs:
        - { name: x, columns: [temperature, speed, torque] }
    tolerance: { relative: 1e-6, absolute: 1e-6 }
    lineage: { data: machine-failure-2024.csv, trainer: xgboost 1.7.4 }
    """)]
public sealed record PackageManifest(
    [Summary("What the model is called where it was made; the registry name is given at push.")] string? Name = null,
    [Summary("One or two sentences for people who choose a model.")] string? Description = null,
    [Summary("The model file, by its path in the package. May be absent when only one file in the folder is a model.")] string? Artifact = null,
    [Summary("The runtime that executes the model: trees, pmml, onnx, onnxruntime. Absent: the first that recognises the file.")] string? Runtime = null,
    [Summary("Settings for the runtime.")] PackageOptions? Options = null,
    [Summary("What the model takes and answers. Must agree with the model file and may add what the file does not know.")] PackageSignature? Signature = null,
    [Summary("How far an answer may be from the recorded one. Absent: relative 1e-6, absolute 1e-6.")] Tolerance? Tolerance = null,
    [Summary("Where the model came from.")] Lineage? Lineage = null)
{
    /// <summary>What a package without <c>model.yaml</c> says.</summary>
    public static PackageManifest Empty { get; } = new();
}

/// <exception cref="ArgumentException">The number of threads or of rounds is out of range.</exception>
[Summary("Settings for the runtime.")]
public sealed record PackageOptions(
    [Summary("Threads for one call: 1 stays on the caller's thread, which serves most requests a second; 0 lets the runtime choose.")] int Threads = 1,
    [Summary("Of a boosted model only so many rounds, from the first: what early stopping found best. 0: those that the file means.")] int Rounds = 0,
    [Summary("Lets the runtime onnx round in another order than the model is written in, where that saves work: last bits differ.")] bool FastMath = false)
{
    private const int MaxThreads = 1024;

    public int Threads { get; init; } = Threads is >= 0 and <= MaxThreads ? Threads : throw new ArgumentException($"expected a number from 0 to {MaxThreads}", nameof(Threads));

    public int Rounds { get; init; } = Rounds >= 0 ? Rounds : throw new ArgumentException("expected a number from 0", nameof(Rounds));
}

[Summary("What the model takes and answers. Inputs and outputs that are not listed are as the model file says.")]
public sealed record PackageSignature(
    [Summary("The inputs to check or to add to.")] ImmutableArray<PackageTensor> Inputs = default,
    [Summary("The outputs to check or to add to.")] ImmutableArray<PackageTensor> Outputs = default);

[Summary("One input or output.")]
public sealed record PackageTensor(
    [Summary("The model's own name for it.")] string Name,
    [Summary("The Open Inference Protocol's name of the element type: FP32, INT64, BYTES, ….")] ElementTypeName? Type = null,
    [Summary("Dimensions; -1 is any size.")] ImmutableArray<long> Shape = default,
    [Summary("The input may be absent.")] bool Optional = false,
    [Summary("Names along the last dimension of a matrix: a table is gathered into it by these names.")] ImmutableArray<string> Columns = default,
    [Summary("The only values that a text input may take.")] ImmutableArray<string> Allowed = default);

/// <summary>An <see cref="ElementType"/> as the Open Inference Protocol spells it: <c>FP32</c>.</summary>
public readonly record struct ElementTypeName(ElementType Value) : IParsable<ElementTypeName>
{
    public const string Pattern = "^(BOOL|U?INT(8|16|32|64)|FP(16|32|64)|BF16|BYTES)$";

    public static ElementTypeName Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out var name)
        ? name
        : throw new FormatException($"'{s}' is not an element type; expected one of {string.Join(", ", Enum.GetValues<ElementType>().Select(t => t.ProtocolName))}");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ElementTypeName result)
    {
        var known = ElementTypes.TryParse(s, out var type);
        result = new ElementTypeName(type);
        return known;
    }

    public override string ToString() => Value.ProtocolName;
}
