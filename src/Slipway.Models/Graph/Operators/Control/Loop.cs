using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// Loop: runs a body a number of times or while its condition holds, with values carried from pass to pass and results of all passes stacked (ai.onnx 1, 11; 13: sequences; 16: optionals).
/// Ends early when the run is cancelled.
/// </summary>
internal sealed class Loop : Operator
{
    private readonly Subgraph _body;
    private readonly int _carried;
    private readonly int _scans;

    public Loop(NodeInfo node)
    {
        _body = node.Body("body");
        _carried = Math.Max(0, node.InputCount - 2);
        _scans = node.OutputCount - _carried;
        if (_scans < 0 || _body.InputCount != _carried + 2 || _body.OutputCount != _carried + _scans + 1)
        {
            throw node.Wrong($"the node carries {_carried} values and has {node.OutputCount} outputs; a body of {_body.InputCount} inputs and {_body.OutputCount} outputs does not fit");
        }
    }

    /// <summary>Never computed at load: a loop may have no end, and only a run can be cancelled.</summary>
    public override bool IsDeterministic => false;

    public override void Infer(InferenceContext context)
    {
        var carried = new GraphType?[_carried];
        for (var i = 0; i < _carried; i++) carried[i] = context.InputType(i + 2);
        var results = CarriedValues.Generalise(context, carried, 1, types => _body.Infer(context, [new TensorType(DataType.Int64, Shape.Scalar), new TensorType(DataType.Bool, Shape.Scalar), .. types]));
        for (var i = 0; i < _carried; i++)
        {
            if (carried[i] is { } type) context.SetOutput(i, type);
        }
        var isEmpty = context.Constant(0) is { Count: 1 } count && count.IntAt(0) <= 0 || context.Constant(1) is { Count: 1, Element: DataType.Bool } condition && condition.Values<byte>()[0] == 0;
        var passes = context.NewSymbol();
        for (var i = 0; i < _scans; i++)
        {
            if (results[1 + _carried + i] is not TensorType { Element: not DataType.Undefined } type) continue;
            context.SetOutput(_carried + i, type.Element, StackedShape(type.Shape, passes, isEmpty));
        }
    }

    /// <summary>Without a pass nothing tells sizes that are not known: they are 0.</summary>
    private static Shape? StackedShape(Shape? shape, long passes, bool isEmpty)
    {
        if (!isEmpty) return shape is null ? null : new Shape([passes, .. shape.Dimensions]);
        var dimensions = new long[1 + (shape?.Rank ?? 0)];
        for (var i = 1; i < dimensions.Length; i++) dimensions[i] = Math.Max(0, shape![i - 1]);
        return Shape.Of(dimensions);
    }

    /// <summary>Without a pass nothing but inference tells the shape of what passes give.</summary>
    public override bool ShapesOutputs(RunContext context) => _scans == 0 || (MostPasses(context) > 0 && Begins(context));

    public override void Run(RunContext context)
    {
        var most = MostPasses(context);
        var goesOn = Begins(context);
        if (context.State is not Passes passes) context.State = passes = new Passes(_carried, _scans);
        var (values, scans, inputs, results) = (passes.Values, passes.Scans, passes.Inputs, passes.Results);
        for (var i = 0; i < _carried; i++) values.Begin(i, context.InputValue(i + 2));
        foreach (var scan in scans) scan.Begin();
        for (long i = 0; i < most && goesOn; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            passes.Number.Values<long>()[0] = i;
            passes.Condition.Values<byte>()[0] = 1;
            (inputs[0], inputs[1]) = (passes.Number, passes.Condition);
            values.Current.CopyTo(inputs.AsSpan(2));
            _body.Run(context, inputs, results);
            goesOn = IsTrue(results[0].AsTensor);
            for (var s = 0; s < _scans; s++) scans[s].Add(context, results[1 + _carried + s].AsTensor);
            values.Replace(context, results.AsSpan(1, _carried));
        }
        for (var i = 0; i < _carried; i++) BodyOutputs.Store(context, i, values.Current[i]);
        for (var s = 0; s < _scans; s++)
        {
            if (scans[s].Count > 0) scans[s].Store(context, _carried + s, 0, isReversed: false);
        }
    }

    private static long MostPasses(RunContext context) => context.OptionalInput(0) is { } limit ? One(limit).IntAt(0) : long.MaxValue;

    private static bool Begins(RunContext context) => context.OptionalInput(1) is not { } condition || IsTrue(condition);

    private static TensorValue One(TensorValue tensor) => tensor.Count == 1 ? tensor : throw new RecordException($"one element is expected, {tensor.Type} is given");

    private static bool IsTrue(TensorValue condition) =>
        condition.Element == DataType.Bool ? One(condition).Values<byte>()[0] != 0 : throw new RecordException($"the condition must be one boolean, it is {condition.Type}");

    /// <summary>What a run leaves for the next.</summary>
    private sealed class Passes
    {
        public Passes(int carried, int scans)
        {
            (Values, Scans) = (new CarriedValues(carried), ScanOutput.Create(scans));
            (Inputs, Results) = (new Value[carried + 2], new Value[1 + carried + scans]);
            Number.Resize(DataType.Int64, []);
            Condition.Resize(DataType.Bool, []);
        }

        public CarriedValues Values { get; }

        public ScanOutput[] Scans { get; }

        public Value[] Inputs { get; }

        public Value[] Results { get; }

        public TensorValue Number { get; } = new(DataType.Int64);

        public TensorValue Condition { get; } = new(DataType.Bool);
    }
}
