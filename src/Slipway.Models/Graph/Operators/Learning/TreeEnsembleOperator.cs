using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Formats.OnnxMl;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// TreeEnsembleClassifier, TreeEnsembleRegressor (1, 3) and TreeEnsemble (5), on the kernels that all tree formats share.
/// They are built as soon as the type of the features is known: trees over float64 compute in float64, all others in float32. TreeEnsemble takes float16, too, and answers in it.
/// </summary>
internal sealed class TreeEnsembleOperator(NodeInfo node) : FloatOperator
{
    private readonly bool _takesHalf = node.Operator == "TreeEnsemble";
    private readonly Lock _building = new();
    private NodeInfo? _node = node;
    private volatile Forest? _forest;

    public override void Infer(InferenceContext context)
    {
        var element = context.Element(0);
        var rows = FeatureRows.Of(context.Shape(0))?.Rows ?? context.NewSymbol();
        if (element == DataType.Undefined) return;
        var scores = ForestOf(element).Scores;
        var at = 0;
        if (scores.IsClassifier) context.SetOutput(at++, scores.HasTextLabels ? DataType.String : DataType.Int64, rows);
        context.SetOutput(at, element == DataType.Float16 ? element : scores.ScoreType == ElementType.Float64 ? DataType.Float64 : DataType.Float32, rows, scores.Targets);
    }

    protected override long ComputeScratchBytes(RunContext context)
    {
        var forest = ForestOf(context.Input(0).Element);
        var (rows, _) = FeatureRows.Of(context.Input(0));
        // Whatever the type, eight bytes are enough.
        return 8L * rows * (forest.RowLength + forest.Outputs + forest.Scores.Targets + 1);
    }

    protected override void Compute(RunContext context)
    {
        var forest = ForestOf(context.Input(0).Element);
        var (rows, features) = FeatureRows.Of(context.Input(0));
        if (features < forest.Features) throw new RecordException($"rows have {features} features, the trees look at {forest.Features}");
        if (rows == 0) return;
        if (forest.Single is { } single) Run(context, forest, single, rows, features);
        else Run(context, forest, forest.Double!, rows, features);
    }

    private static void Run<T>(RunContext context, Forest forest, MarginKernel<T> kernel, int rows, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var x = context.Input(0);
        var scratch = context.Scratch;
        var margins = Take<T>(ref scratch, rows * kernel.Outputs);
        var scores = forest.Scores;
        if (scores.IsClassifier)
        {
            var labels = scores.HasTextLabels || !context.HasOutput(0) ? Take<long>(ref scratch, rows) : context.Output(0).Values<long>();
            // Nobody may want the scores, but the labels come of them.
            var finished = context.HasOutput(1) ? context.Output(1).Values<float>() : Take<float>(ref scratch, rows * scores.Targets);
            Score(x, forest, kernel, features, margins, scratch);
            scores.Finish<T, float>(margins, finished, labels);
            if (!scores.HasTextLabels || !context.HasOutput(0)) return;
            var texts = context.Output(0).Strings;
            for (var row = 0; row < rows; row++) texts[row] = scores.TextLabels[(int)labels[row]];
            return;
        }
        var y = context.Output(0);
        if (forest.IsPlain && y.Element.Width == Marshal.SizeOf<T>())
        {
            Score(x, forest, kernel, features, y.Values<T>(), scratch);
            return;
        }
        Score(x, forest, kernel, features, margins, scratch);
        if (y.Element == DataType.Float32) scores.Finish<T, float>(margins, y.Values<float>(), []);
        else scores.Finish<T, double>(margins, y.Values<double>(), []);
    }

    private static void Score<T>(TensorValue x, Forest forest, MarginKernel<T> kernel, int features, Span<T> margins, Span<byte> scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var isRow = x.Element == (typeof(T) == typeof(float) ? DataType.Float32 : DataType.Float64);
        if (isRow && forest.RowLength == forest.Features)
        {
            kernel.Score(x.Values<T>(), features, margins);
            return;
        }
        var read = new Rows<T>(x, features, forest, MemoryMarshal.Cast<byte, T>(scratch)[..(x.Count / features * forest.RowLength)]);
        NumberTypes.Run(x.Element, ref read);
        kernel.Score(read.Values, forest.RowLength, margins);
    }

    private static Span<T> Take<T>(ref Span<byte> scratch, int count) where T : unmanaged
    {
        var taken = MemoryMarshal.Cast<byte, T>(scratch)[..count];
        scratch = scratch[(8 * count)..];
        return taken;
    }

    private Forest ForestOf(DataType element)
    {
        var isKnown = element is DataType.Float32 or DataType.Float64 or DataType.Int64 or DataType.Int32 || (_takesHalf && element == DataType.Float16);
        if (!isKnown) throw new ModelException($"features must be float, double, int64 or int32{(_takesHalf ? " or float16" : "")}, they are {element.Text}");
        var forest = _forest;
        if (forest is null)
        {
            lock (_building)
            {
                _forest ??= Forest.Of(_node!, element != DataType.Float64);
                _node = null;
                forest = _forest;
            }
        }
        return forest.InSingle == (element != DataType.Float64) ? forest : throw new ModelException($"the trees were built for {(forest.InSingle ? "float" : "double")} features, {element.Text} is given");
    }

    /// <summary>Copies the features that trees look at, with places for those that are compared for equality.</summary>
    private readonly ref struct Rows<T>(TensorValue input, int features, Forest forest, Span<T> rows) : INumberFunction
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public Span<T> Values { get; } = rows;

        public void Run<TFrom>() where TFrom : unmanaged, INumber<TFrom>, IMinMaxValue<TFrom>
        {
            var values = input.Values<TFrom>();
            // Trees in float32 see what is left of a number in float32, whatever their kernel computes in.
            var rounds = forest.InSingle && typeof(T) == typeof(double);
            for (int row = 0, from = 0; row < Values.Length; row += forest.RowLength, from += features)
            {
                for (var c = 0; c < forest.Features; c++) Values[row + c] = rounds ? T.CreateTruncating(float.CreateTruncating(values[from + c])) : T.CreateTruncating(values[from + c]);
            }
            if (forest.Categories.Count > 0) forest.Categories.Encode(Values);
        }
    }

    /// <summary>The trees, built; exactly one of the kernels is there.</summary>
    /// <param name="Features">That the trees look at.</param>
    private sealed record Forest(EnsembleScores Scores, bool IsPlain, bool InSingle, int Features, CategoryFeatures Categories, MarginKernel<float>? Single, MarginKernel<double>? Double)
    {
        public int RowLength => Features + Categories.Count;

        public int Outputs => Single?.Outputs ?? Double!.Outputs;

        public static Forest Of(NodeInfo node, bool inSingle)
        {
            var attributes = new OnnxAttributes(node);
            var ensemble = EnsembleOperator.Bind(attributes, inSingle ? ElementType.Float32 : ElementType.Float64);
            var trees = ensemble.ReadTrees(attributes, -1);
            MarginKernel<float>? single = inSingle && trees.Kernel is null ? Kernel<float>(trees) : null;
            return new Forest(ensemble.Scores, ensemble.IsPlain, inSingle, trees.Features, trees.Categories, single, single is null ? trees.Kernel ?? Kernel<double>(trees) : null);
        }

        private static MarginKernel<T> Kernel<T>(EnsembleTrees trees) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var kernel = KernelSelection.For<T>(trees.Trees, KernelKind.Automatic);
            return trees.Bias is { } bias ? new ScaledKernel<T>(kernel, bias) : kernel;
        }
    }
}
