using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>What becomes of an element and an update of it.</summary>
internal enum ScatterReduction { None, Add, Multiply, Maximum, Minimum }

internal static class ScatterReductions
{
    public static ScatterReduction Of(NodeInfo node)
    {
        var name = node.Version < 16 ? "none" : node.Text("reduction", "none");
        return name switch
        {
            "none" => ScatterReduction.None,
            "add" => ScatterReduction.Add,
            "mul" => ScatterReduction.Multiply,
            "max" when node.Version >= 18 => ScatterReduction.Maximum,
            "min" when node.Version >= 18 => ScatterReduction.Minimum,
            _ => throw node.Wrong($"attribute 'reduction': '{name}' is not known in version {node.Version} of the operator set"),
        };
    }

    /// <summary>Reduces a slice of the data with a slice of updates.</summary>
    public static void Apply<T>(ScatterReduction reduction, Span<T> data, ReadOnlySpan<T> updates) where T : INumber<T>
    {
        switch (reduction)
        {
            case ScatterReduction.Add:
                for (var i = 0; i < updates.Length; i++) data[i] += updates[i];
                break;
            case ScatterReduction.Multiply:
                for (var i = 0; i < updates.Length; i++) data[i] *= updates[i];
                break;
            case ScatterReduction.Maximum:
                for (var i = 0; i < updates.Length; i++) data[i] = T.Max(data[i], updates[i]);
                break;
            case ScatterReduction.Minimum:
                for (var i = 0; i < updates.Length; i++) data[i] = T.Min(data[i], updates[i]);
                break;
            default:
                updates.CopyTo(data);
                break;
        }
    }

    /// <summary>Runs a scatter: as a movement when nothing is reduced, else as arithmetic. Booleans are added as <i>or</i>, multiplied as <i>and</i>.</summary>
    public static void Run<TScatter>(ScatterReduction reduction, DataType element, ref TScatter scatter) where TScatter : IElementMove, INumberFunction
    {
        if (reduction == ScatterReduction.None) ElementWidths.Move(element, ref scatter);
        else if (element == DataType.Bool) scatter.Run<byte>();
        else NumberTypes.Run(element, ref scatter);
    }

    /// <summary>The reduction that does to bytes 0 and 1 what is meant for booleans.</summary>
    public static ScatterReduction OfElements(ScatterReduction reduction, DataType element) => (element, reduction) switch
    {
        (DataType.Bool, ScatterReduction.Add) => ScatterReduction.Maximum,
        (DataType.Bool, ScatterReduction.Multiply) => ScatterReduction.Minimum,
        _ => reduction,
    };

    public static void CopyData(RunContext context)
    {
        var (data, target) = (context.Input(0), context.Output(0));
        if (data.Element == DataType.String) data.Strings.CopyTo(target.Strings);
        else data.Bytes.CopyTo(target.Bytes);
    }
}
