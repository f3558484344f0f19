using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>How operators of ai.onnx.ml see their input: [rows, features]; a vector is one row.</summary>
internal static class FeatureRows
{
    /// <summary>Null when the rank is not known.</summary>
    /// <exception cref="ModelException">It is neither a vector nor a matrix.</exception>
    public static (long Rows, long Features)? Of(Shape? shape) => shape switch
    {
        null => null,
        { Rank: 1 } => (1, shape[0]),
        { Rank: 2 } => (shape[0], shape[1]),
        _ => throw new ModelException($"a vector or a matrix of features is expected, {shape} is given"),
    };

    public static (int Rows, int Features) Of(TensorValue input) => input.Rank switch
    {
        1 => (1, (int)input[0]),
        2 => ((int)input[0], (int)input[1]),
        _ => throw new RecordException($"a vector or a matrix of features is expected, {input.Type} is given"),
    };

    /// <summary>The same of a tensor of any rank, whose further dimensions are features, too.</summary>
    public static (long Rows, long Features)? Flattened(Shape? shape) => shape switch
    {
        null => null,
        { Rank: 0 or 1 } => (1, shape.Count),
        _ => (shape[0], Shape.CountOf(shape.Span[1..])),
    };

    /// <summary>Elements that one entry of an attribute each belongs to: of a vector all, else the second dimension.</summary>
    public static int Period(TensorValue input) => input.Rank switch { 0 => 1, 1 => (int)input[0], _ => (int)input[1] };

    /// <summary>Bytes that <see cref="Floats"/> needs.</summary>
    public static long FloatBytes(TensorValue input) => input.Element == DataType.Float32 ? 0 : (long)input.Count * sizeof(float);

    /// <summary>The elements as float32: in place, or converted into the beginning of the scratch memory.</summary>
    public static ReadOnlySpan<float> Floats(TensorValue input, Span<byte> scratch)
    {
        if (input.Element == DataType.Float32) return input.Values<float>();
        var floats = MemoryMarshal.Cast<byte, float>(scratch)[..input.Count];
        Numbers.Read(input, floats);
        return floats;
    }
}
