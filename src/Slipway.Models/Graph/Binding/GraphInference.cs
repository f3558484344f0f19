using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// Walks a graph once and states what is known of every value: its type, its elements when they are constant, its elements as dimensions with symbols.
/// With symbolic input types this is binding; with concrete ones it leaves unknown only what depends on the data.
/// </summary>
internal sealed class GraphInference
{
    private readonly BoundGraph _graph;
    private readonly SymbolSource _symbols;
    private readonly int _foldLimit, _growthLimit;
    private readonly InferenceBudget _budget;

    /// <param name="foldLimit">Nodes whose inputs are all constant are computed when no output has more elements.</param>
    /// <param name="growthLimit">… or more than this beyond what its inputs have together.</param>
    /// <param name="budget">That of the walk around this one.</param>
    public GraphInference(BoundGraph graph, SymbolSource symbols, int foldLimit, int growthLimit = int.MaxValue, InferenceBudget? budget = null)
    {
        _budget = budget ?? new InferenceBudget();
        (_graph, _symbols, _foldLimit, _growthLimit) = (graph, symbols, foldLimit, growthLimit);
        Types = new GraphType?[graph.Values.Length];
        Constants = new Value?[graph.Values.Length];
        Dimensions = new long[]?[graph.Values.Length];
        for (var i = 0; i < graph.Values.Length; i++)
        {
            Types[i] = graph.Values[i].Type;
            Constants[i] = graph.Values[i].Constant;
            if (Constants[i] is { } constant) Types[i] = constant.Type;
        }
    }

    public GraphType?[] Types { get; }

    public Value?[] Constants { get; }

    public long[]?[] Dimensions { get; }

    /// <exception cref="ModelException">A node's inputs do not fit it.</exception>
    public void Run()
    {
        foreach (var node in _graph.Nodes) Infer(node);
    }

    private void Infer(BoundNode node)
    {
        var isKnown = true;
        foreach (var output in node.Outputs)
        {
            if (output >= 0 && Constants[output] is null) isKnown = false;
        }
        if (isKnown && node.Outputs.Length > 0) return;
        _budget.Count();
        var context = new Context(this, node);
        try
        {
            node.Operator.Infer(context);
            if (CanFold(node)) Fold(node);
        }
        catch (Exception e) when (e is SlipwayException or ArgumentException or InvalidCastException or IndexOutOfRangeException or OverflowException or NotSupportedException or DivideByZeroException or OutOfMemoryException)
        {
            throw new ModelException(e is ModelException && e.Message.StartsWith(node.ToString(), StringComparison.Ordinal) ? e.Message : $"{node}: {e.Message}", e) { IsUnsupported = e is ModelException { IsUnsupported: true } };
        }
        foreach (var output in node.Outputs)
        {
            if (output >= 0) Types[output] ??= _graph.Values[output].Declared;
        }
    }

    private bool CanFold(BoundNode node)
    {
        if (!node.Operator.IsDeterministic) return false;
        long read = 0, written = 0;
        foreach (var input in node.Inputs)
        {
            if (input < 0) continue;
            if (Constants[input] is not { } constant) return false;
            if (constant is TensorValue tensor) read += tensor.Count;
        }
        foreach (var output in node.Outputs)
        {
            if (output < 0) continue;
            if (Types[output] is not TensorType { Shape: { IsConcrete: true } shape } || shape.Count > _foldLimit) return false;
            written += shape.Count;
        }
        return written - read <= _growthLimit;
    }

    private void Fold(BoundNode node)
    {
        var slots = new Value?[node.Inputs.Length + node.Outputs.Length];
        var inputs = new int[node.Inputs.Length];
        var outputs = new int[node.Outputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = node.Inputs[i] < 0 ? -1 : i;
            slots[i] = node.Inputs[i] < 0 ? null : Constants[node.Inputs[i]];
        }
        for (var i = 0; i < outputs.Length; i++)
        {
            var output = node.Outputs[i];
            outputs[i] = output < 0 ? -1 : inputs.Length + i;
            if (output >= 0) slots[inputs.Length + i] = new TensorValue(((TensorType)Types[output]!).Element, ((TensorType)Types[output]!).Shape!.Span);
        }
        var context = new RunContext(slots, inputs, outputs);
        try
        {
            context.RequireScratch(node.Operator.ScratchBytes(context));
            node.Operator.Run(context);
        }
        catch (RecordException e)
        {
            throw new ModelException($"{node}: {e.Message}", e);
        }
        for (var i = 0; i < outputs.Length; i++)
        {
            if (outputs[i] >= 0) State(node.Outputs[i], slots[outputs[i]]!.Copy());
        }
    }

    private void State(int value, Value constant)
    {
        Constants[value] = constant;
        Types[value] = constant.Type;
    }

    private sealed class Context(GraphInference inference, BoundNode node) : InferenceContext
    {
        public override InferenceBudget Budget => inference._budget;

        public override int InputCount => node.Inputs.Length;

        public override int OutputCount => node.Outputs.Length;

        public override bool HasInput(int index) => (uint)index < (uint)node.Inputs.Length && node.Inputs[index] >= 0;

        public override bool HasOutput(int index) => index < node.Outputs.Length && node.Outputs[index] >= 0;

        public override GraphType? InputType(int index) => HasInput(index) ? inference.Types[node.Inputs[index]] : null;

        public override Value? ConstantValue(int index) => HasInput(index) ? inference.Constants[node.Inputs[index]] : null;

        public override long[]? Dimensions(int index)
        {
            if (!HasInput(index)) return null;
            if (inference.Constants[node.Inputs[index]] is TensorValue { Rank: <= 1, Element: DataType.Int64 or DataType.Int32 } constant)
            {
                var values = constant.ToInts();
                // Elements below zero would be taken for symbols.
                return Array.Exists(values, v => v < 0) ? null : values;
            }
            return inference.Dimensions[node.Inputs[index]];
        }

        public override SymbolSource Symbols => inference._symbols;

        public override void SetOutput(int index, GraphType type)
        {
            if (HasOutput(index)) inference.Types[node.Outputs[index]] = type;
        }

        public override void SetOutputDimensions(int index, ReadOnlySpan<long> dimensions)
        {
            if (!HasOutput(index)) return;
            var output = node.Outputs[index];
            inference.Dimensions[output] = dimensions.ToArray();
            if (inference.Types[output] is not TensorType { Shape: { IsConcrete: true } shape, Element: DataType.Int64 } || shape.Count != dimensions.Length) return;
            foreach (var dimension in dimensions)
            {
                if (dimension < 0) return;
            }
            inference.Constants[output] = TensorValue.Of(DataType.Int64, dimensions, shape.Span);
        }
    }
}
