using System.Collections.Immutable;
using Slipway.Models.Parity;

namespace Slipway.Models.Onnx;

/// <summary>What came of running one model on both engines.</summary>
/// <param name="Inputs">Where the inputs are from.</param>
/// <param name="Values">Inner values and outputs that both engines gave and that were compared.</param>
/// <param name="Random">Values among these that are drawn at random or computed of such: only their types are compared.</param>
/// <param name="Differing">Values beyond the tolerance.</param>
/// <param name="Worst">The greatest difference of all, in multiples of what is allowed there: up to 1 agrees.</param>
/// <param name="First">The first node, in the order of the graph, whose outputs differ; null when all agree.</param>
/// <param name="Optimised">The first output of the optimised graph that differs from the native runtime's; null when all agree.</param>
public sealed record EngineComparison(
    string Inputs, Tolerance Tolerance, int Values, int Random, int Differing, double Worst, NodeDifference? First, NodeDifference? Optimised)
{
    public bool Agrees => First is null && Optimised is null;
}

/// <summary>Where two engines part.</summary>
/// <param name="Node">The node that makes the value, with its operator.</param>
/// <param name="NodeInputs">The names and types, with shapes, of what the node was given.</param>
/// <param name="Value">The value's name.</param>
/// <param name="Type">Its type here, with its shape.</param>
public sealed record NodeDifference(string Node, ImmutableArray<string> NodeInputs, string Value, string Type, ElementDifference Difference);

/// <summary>How two values differ.</summary>
/// <param name="Reason">What differs but numbers: types, shapes, texts, lengths of sequences; null for numbers.</param>
/// <param name="Element">The place of the worst element, an index for each axis.</param>
/// <param name="Onnx">That element on Slipway's own engine.</param>
/// <param name="OnnxRuntime">That element on the native runtime.</param>
/// <param name="Allowed">By how much they may differ.</param>
/// <param name="Beyond">Elements that differ by more.</param>
/// <param name="Elements">Elements in all.</param>
public sealed record ElementDifference(string? Reason, ImmutableArray<long> Element, double Onnx, double OnnxRuntime, double Allowed, int Beyond, int Elements)
{
    internal static ElementDifference Of(string reason) => new(reason, [], 0, 0, 0, 0, 0);
}
