using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Cast and CastLike: elements to the type that the attribute <c>to</c>, or the second input, names. See <see cref="ElementConversion"/>.</summary>
internal sealed class Cast : Operator
{
    private readonly DataType _to;
    private readonly NarrowRounding _rounding;

    public Cast(NodeInfo node)
    {
        _to = node.Operator == "CastLike" ? DataType.Undefined : node.Version < 6 ? Named(node, node.Text("to")) : Numbered(node);
        _rounding = new NarrowRounding(node.Flag("saturate", true), node.Text("round_mode", "up") switch
        {
            "up" => ScaleRounding.Up,
            "down" => ScaleRounding.Down,
            "nearest" => ScaleRounding.Nearest,
            var other => throw node.Wrong($"round_mode must be up, down or nearest, it is '{other}'"),
        }, node.Version < 23);
    }

    public override void Infer(InferenceContext context)
    {
        var to = _to == DataType.Undefined ? context.Element(1) : _to;
        if (to is DataType.Complex64 or DataType.Complex128) throw new ModelException($"there is no conversion to {to.Text}");
        if (context.Element(0) is DataType.Complex64 or DataType.Complex128) throw new ModelException($"there is no conversion from {context.Element(0).Text}");
        context.SetOutput(0, to, context.Shape(0));
        if (to is DataType.Int64 or DataType.Int32 && context.Element(0) is DataType.Int64 or DataType.Int32 && context.Dimensions(0) is { } dimensions) context.SetOutputDimensions(0, dimensions);
    }

    public override void Run(RunContext context) => ElementConversion.Convert(context.Input(0), context.Output(0), _rounding);

    private static DataType Numbered(NodeInfo node)
    {
        var number = node.Int("to");
        return DataTypes.TryOf(number, out var type) ? type : throw node.Wrong($"attribute 'to': there is no element type {number}");
    }

    private static DataType Named(NodeInfo node, string name)
    {
        for (var type = DataType.Float32; type <= DataType.Int2; type++)
        {
            if (type.Text.Equals(name, StringComparison.OrdinalIgnoreCase)) return type;
        }
        throw node.Wrong($"attribute 'to': there is no element type '{name}'");
    }
}
