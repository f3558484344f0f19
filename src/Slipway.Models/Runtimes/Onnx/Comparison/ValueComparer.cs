using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Slipway.Models.Graph;
using Slipway.Models.Parity;

namespace Slipway.Models.Onnx;

/// <summary>Compares values of our engine with the native runtime's: types and shapes exactly, texts exactly, numbers by a tolerance, not-a-number with itself.</summary>
internal sealed class ValueComparer(Tolerance tolerance)
{
    /// <summary>The greatest difference so far in multiples of what is allowed.</summary>
    public double Worst { get; private set; }

    /// <param name="typesOnly">For values that are drawn at random.</param>
    /// <returns>null when they agree.</returns>
    public ElementDifference? Compare(Value ours, Value native, bool typesOnly)
    {
        // The native interface gives a present optional value as the value itself.
        if (ours is OptionalValue { Content: { } content }) ours = content;
        if (native is OptionalValue { Content: { } given }) native = given;
        return (ours, native) switch
        {
            (OptionalValue, OptionalValue) => null,
            (TensorValue a, TensorValue b) => CompareTensors(a, b, typesOnly),
            (MapValue a, MapValue b) => CompareTensors(a.Keys, b.Keys, typesOnly) ?? CompareTensors(a.Values, b.Values, typesOnly),
            (SequenceValue a, SequenceValue b) => CompareSequences(a, b, typesOnly),
            _ => Other($"{ours.Type} on onnx, {native.Type} on onnxruntime"),
        };
    }

    private ElementDifference Other(string reason)
    {
        Worst = double.PositiveInfinity;
        return ElementDifference.Of(reason);
    }

    private ElementDifference? CompareSequences(SequenceValue ours, SequenceValue native, bool typesOnly)
    {
        if (ours.Items.Count != native.Items.Count) return Other($"{ours.Items.Count} items on onnx, {native.Items.Count} on onnxruntime");
        for (var i = 0; i < ours.Items.Count; i++)
        {
            if (Compare(ours.Items[i], native.Items[i], typesOnly) is { } difference) return difference with { Reason = $"item {i}{(difference.Reason is null ? "" : $": {difference.Reason}")}" };
        }
        return null;
    }

    private ElementDifference? CompareTensors(TensorValue ours, TensorValue native, bool typesOnly)
    {
        if (ours.Element != native.Element || !ours.Shape.SequenceEqual(native.Shape)) return Other($"{ours.Type} on onnx, {native.Type} on onnxruntime");
        if (typesOnly) return null;
        return ours.Element == DataType.String ? CompareTexts(ours, native) : CompareNumbers(ours, native);
    }

    private ElementDifference? CompareTexts(TensorValue ours, TensorValue native)
    {
        for (var i = 0; i < ours.Count; i++)
        {
            if (ours.Strings[i] != native.Strings[i]) return Other($"element [{string.Join(',', Place(ours.Shape, i))}] is '{ours.Strings[i]}' on onnx, '{native.Strings[i]}' on onnxruntime");
        }
        return null;
    }

    private ElementDifference? CompareNumbers(TensorValue ours, TensorValue native)
    {
        if (ours.Bytes.SequenceEqual(native.Bytes)) return null;
        var (count, perElement) = ours.Element is DataType.Complex64 or DataType.Complex128 ? (2 * ours.Count, 2) : (ours.Count, 1);
        var (worst, at, beyond) = (0.0, 0, 0);
        for (var i = 0; i < count; i++)
        {
            var excess = Excess(NumberAt(ours, i), NumberAt(native, i));
            if (excess > 1) beyond++;
            if (excess > worst) (worst, at) = (excess, i);
        }
        Worst = Math.Max(Worst, worst);
        if (beyond == 0) return null;
        var (found, expected) = (NumberAt(ours, at), NumberAt(native, at));
        return new ElementDifference(null, Place(ours.Shape, at / perElement), found, expected, Allowed(expected), beyond, count);
    }

    private double Allowed(double expected) => tolerance.Absolute + tolerance.Relative * Math.Abs(expected);

    private double Excess(double ours, double native)
    {
        if (ours.Equals(native) || ours == native) return 0;
        if (!double.IsFinite(ours) || !double.IsFinite(native)) return double.PositiveInfinity;
        return Math.Abs(ours - native) / Allowed(native);
    }

    /// <summary>A complex number is two, the real part first; types of 8 bits and fewer that are no integers are compared by their bits.</summary>
    private static double NumberAt(TensorValue tensor, int index) => tensor.Element switch
    {
        DataType.Complex64 => MemoryMarshal.Cast<byte, float>(tensor.Bytes)[index],
        DataType.Complex128 => MemoryMarshal.Cast<byte, double>(tensor.Bytes)[index],
        DataType.Int4 or DataType.Int2 => (sbyte)tensor.Bytes[index],
        _ when tensor.Element.IsFloat || tensor.Element.IsInteger => tensor.NumberAt(index),
        _ => tensor.Bytes[index],
    };

    private static ImmutableArray<long> Place(ReadOnlySpan<long> shape, int index)
    {
        var place = new long[shape.Length];
        var rest = (long)index;
        for (var axis = shape.Length - 1; axis >= 0; axis--) (rest, place[axis]) = Math.DivRem(rest, shape[axis]);
        return ImmutableCollectionsMarshal.AsImmutableArray(place);
    }
}
