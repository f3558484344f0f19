using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Where (ai.onnx 9): the second input where the condition holds, else the third; all three broadcast. Any element type.</summary>
internal sealed class Where : Operator, IElementwise
{
    public override void Infer(InferenceContext context)
    {
        var element = context.Element(1);
        if (element == DataType.Undefined) element = context.Element(2);
        else if (context.Element(2) is not DataType.Undefined and var other && other != element) throw new ModelException($"both choices must have elements of one type; they have {element.Text} and {other.Text}");
        context.SetOutput(0, element, context.Broadcast(context.Shape(0), context.Broadcast(context.Shape(1), context.Shape(2))));
        if (context.Constant(0) is { Element: DataType.Bool } condition && context.Dimensions(1) is { } a && context.Dimensions(2) is { } b && a.Length == b.Length && a.Length == condition.Count)
        {
            var chosen = new long[a.Length];
            for (var i = 0; i < chosen.Length; i++) chosen[i] = condition.IntAt(i) != 0 ? a[i] : b[i];
            if (!chosen.AsSpan().ContainsAnyInRange(long.MinValue, -1)) context.SetOutputDimensions(0, chosen);
        }
    }

    public int ElementsPerPart => 1 << 15;

    public override void Run(RunContext context) => ElementRanges.Run(this, context);

    public void Plan(RunContext context)
    {
        var state = context.State;
        Broadcasting.Of(ref state, context.Output(0).Shape, context.Input(0).Shape, context.Input(1).Shape, context.Input(2).Shape);
        context.State = state;
    }

    public void Run(RunContext context, int first, int end)
    {
        var move = new Choose(context, first, end);
        ElementWidths.Move(context.Output(0).Element, ref move);
    }

    private readonly ref struct Choose(RunContext context, int first, int end) : IElementMove
    {
        public void Move<T>()
        {
            var walk = (Broadcasting)context.State!;
            var loop = new ChoiceLoop<T>(walk, context.Input(0).Values<bool>(), context.Input(1).Elements<T>(), context.Input(2).Elements<T>(), context.Output(0).Elements<T>());
            walk.Each(ref loop, first, end);
        }
    }
}
