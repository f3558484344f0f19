using Slipway.Core;
using Slipway.Models.Formats.OnnxMl;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Rows of features times coefficients [outputs, features], and an intercept for each output.</summary>
internal sealed class LinearScores
{
    private readonly PackedMatrix<float> _packed;
    private readonly float[] _intercepts;
    private readonly int _features;

    public LinearScores(NodeInfo node, int outputs, float[] intercepts)
    {
        var coefficients = node.Floats("coefficients") ?? throw node.Wrong("attribute 'coefficients' is missing");
        if (coefficients.Length == 0 || coefficients.Length % outputs != 0) throw node.Wrong($"attribute 'coefficients' has {coefficients.Length} values for {outputs} outputs");
        _features = coefficients.Length / outputs;
        _packed = PackedMatrix<float>.Pack(_features, outputs, coefficients, 1, _features);
        _intercepts = intercepts;
        Outputs = outputs;
    }

    public int Outputs { get; }

    /// <exception cref="RecordException">Rows have another number of features.</exception>
    public void Compute(RunContext context, int rows, int features, Span<float> scores)
    {
        if (features != _features) throw new RecordException($"rows have {features} features, there are coefficients for {_features}");
        if (rows == 0) return;
        var x = FeatureRows.Floats(context.Input(0), context.Scratch);
        GemmEpilogue<float> epilogue = _intercepts.Length == 0 ? default : new() { Bias = _intercepts, BiasKind = BiasKind.PerColumn };
        Gemm.Run(rows, Outputs, _features, x, _features, 1, _packed, scores, Outputs, epilogue, context.Threads);
    }
}

/// <summary>LinearRegressor: float32 whatever the type of the features.</summary>
internal sealed class LinearRegressor : Operator
{
    private readonly LinearScores _scores;
    private readonly PostTransform _transform;

    public LinearRegressor(NodeInfo node)
    {
        var targets = node.Int("targets", 1);
        if (targets is < 1 or > int.MaxValue) throw node.Wrong($"attribute 'targets': {targets} is no number of targets");
        var intercepts = node.Floats("intercepts") ?? [];
        if (intercepts.Length > 0 && intercepts.Length != targets) throw node.Wrong($"attribute 'intercepts' has {intercepts.Length} values for {targets} targets");
        _scores = new LinearScores(node, (int)targets, intercepts);
        _transform = ScoreTransform.Of(node);
    }

    public override void Infer(InferenceContext context) => context.SetOutput(0, DataType.Float32, FeatureRows.Of(context.Shape(0))?.Rows ?? context.NewSymbol(), _scores.Outputs);

    public override long ScratchBytes(RunContext context) => FeatureRows.FloatBytes(context.Input(0));

    public override void Run(RunContext context)
    {
        var (rows, features) = FeatureRows.Of(context.Input(0));
        var y = context.Output(0).Values<float>();
        _scores.Compute(context, rows, features, y);
        // A single target has no others to be normalised with: ONNX Runtime leaves it, but for PROBIT.
        if (_scores.Outputs == 1 && _transform != PostTransform.Probit) return;
        for (var row = 0; row < rows; row++) ScoreTransform.Apply(_transform, y.Slice(row * _scores.Outputs, _scores.Outputs));
    }
}

/// <summary>LinearClassifier: the label of the largest score, and all scores. A single score stands for the second of two classes.</summary>
internal sealed class LinearClassifier : Operator
{
    private readonly LinearScores _scores;
    private readonly PostTransform _transform;
    private readonly ClassifierLabels _labels;
    private readonly bool _addsClass;

    public LinearClassifier(NodeInfo node)
    {
        var intercepts = node.Floats("intercepts") ?? [];
        _labels = new ClassifierLabels(node);
        _scores = new LinearScores(node, intercepts.Length > 0 ? intercepts.Length : _labels.Count, intercepts);
        _transform = ScoreTransform.Of(node);
        _addsClass = _scores.Outputs == 1 && _labels.Count == 2;
        if (_scores.Outputs > 1 && _labels.Count < _scores.Outputs) throw node.Wrong($"{_labels.Count} labels are given for {_scores.Outputs} scores");
    }

    private int Columns => _addsClass ? 2 : _scores.Outputs;

    public override void Infer(InferenceContext context)
    {
        var rows = FeatureRows.Of(context.Shape(0))?.Rows ?? context.NewSymbol();
        context.SetOutput(0, _labels.Element, rows);
        context.SetOutput(1, DataType.Float32, rows, Columns);
    }

    public override long ScratchBytes(RunContext context) =>
        FeatureRows.FloatBytes(context.Input(0)) + ((long)FeatureRows.Of(context.Input(0)).Rows * Columns * sizeof(float));

    public override void Run(RunContext context)
    {
        var (rows, features) = FeatureRows.Of(context.Input(0));
        var unwanted = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(context.Scratch[(int)FeatureRows.FloatBytes(context.Input(0))..]);
        var scores = context.HasOutput(1) ? context.Output(1).Values<float>() : unwanted[..(rows * Columns)];
        _scores.Compute(context, rows, features, scores[..(rows * _scores.Outputs)]);
        // From the last to the first: a score makes way for two.
        for (var row = rows - 1; row >= 0; row--)
        {
            var of = scores.Slice(row * _scores.Outputs, _scores.Outputs);
            var label = _scores.Outputs > 1 ? Largest(of) : of[0] > 0 ? 1 : 0;
            if (context.HasOutput(0)) _labels.Write(context.Output(0), row, label, isBinary: _scores.Outputs == 1);
            if (_addsClass) TwoClasses.Of(_transform, of[0], scores.Slice(row * 2, 2));
            else if (_scores.Outputs > 1 || _transform == PostTransform.Probit) ScoreTransform.Apply(_transform, of);
        }
    }

    private static int Largest(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best]) best = i;
        }
        return best;
    }
}

/// <summary>Two scores of one.</summary>
internal static class TwoClasses
{
    public static void Of(PostTransform transform, float score, Span<float> scores)
    {
        (scores[0], scores[1]) = transform switch
        {
            PostTransform.Logistic => (PostTransforms.Logistic(-score), PostTransforms.Logistic(score)),
            PostTransform.Probit => (PostTransforms.Probit(score), 0),
            _ => (1 - score, score),
        };
    }
}

/// <summary>The labels of a classifier that is no ensemble of trees: texts or numbers.</summary>
internal sealed class ClassifierLabels
{
    private readonly string[] _texts;
    private readonly long[] _numbers;

    public ClassifierLabels(NodeInfo node)
    {
        _texts = node.Texts("classlabels_strings") ?? [];
        _numbers = _texts.Length > 0 ? [] : node.Ints("classlabels_ints") ?? [];
        if (Count == 0) throw node.Wrong("one of the attributes 'classlabels_ints' and 'classlabels_strings' is expected");
    }

    public int Count => _texts.Length + _numbers.Length;

    public DataType Element => _texts.Length > 0 ? DataType.String : DataType.Int64;

    /// <param name="isBinary">Where there are no two labels, the classes are 0 and 1.</param>
    public void Write(TensorValue output, int row, int label, bool isBinary)
    {
        var given = !isBinary || Count == 2;
        if (_texts.Length > 0) output.Strings[row] = given ? _texts[label] : label == 0 ? "0" : "1";
        else output.Values<long>()[row] = given ? _numbers[label] : label;
    }
}
