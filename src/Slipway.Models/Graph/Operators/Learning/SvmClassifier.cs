using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Formats.OnnxMl;

namespace Slipway.Models.Graph;

/// <summary>
/// SVMClassifier: one machine between each two classes, the label by their votes; scores are those of the machines, or with <c>prob_a</c> probabilities of the classes.
/// Without support vectors one linear model for each class. Labels of two classes and second scores are ONNX Runtime's.
/// </summary>
internal sealed class SvmClassifier : Operator
{
    private const int MostClasses = 1024;

    private readonly ClassifierLabels _labels;
    private readonly SvmKernel _kernel;
    private readonly PostTransform _transform;
    private readonly float[] _coefficients, _rho, _probA, _probB;
    private readonly int[] _starts;
    private readonly bool _isLinear, _weightsAreAllPositive;

    public SvmClassifier(NodeInfo node)
    {
        _labels = new ClassifierLabels(node);
        var classes = _labels.Count;
        if (classes > MostClasses) throw node.Unsupported($"{classes} classes: at most {MostClasses} are supported");
        _coefficients = node.Floats("coefficients") ?? [];
        _rho = node.Floats("rho") ?? [];
        (_probA, _probB) = (node.Floats("prob_a") ?? [], node.Floats("prob_b") ?? []);
        _transform = ScoreTransform.Of(node);
        _weightsAreAllPositive = !_coefficients.AsSpan().ContainsAnyInRange(float.NegativeInfinity, -float.Epsilon);
        _starts = Starts(node, node.Ints("vectors_per_class") ?? []);
        _isLinear = _starts[^1] == 0;
        if (_isLinear)
        {
            if (_rho.Length == 0) throw node.Wrong("attribute 'rho' is missing");
            _kernel = new SvmKernel(node, _coefficients, classes, isLinear: true);
            return;
        }
        var machines = Machines;
        if (_starts.Length != classes + 1) throw node.Wrong($"attribute 'vectors_per_class' has {_starts.Length - 1} values for {classes} classes");
        if (_rho.Length < machines) throw node.Wrong($"attribute 'rho' has {_rho.Length} values for {machines} pairs of classes");
        if (_probA.Length != _probB.Length || (_probA.Length > 0 && _probA.Length < machines)) throw node.Wrong($"attributes 'prob_a' and 'prob_b' have {_probA.Length} and {_probB.Length} values for {machines} pairs of classes");
        if (_coefficients.Length < (long)(classes - 1) * _starts[^1]) throw node.Wrong($"attribute 'coefficients' has {_coefficients.Length} values for {_starts[^1]} vectors and {classes} classes");
        _kernel = new SvmKernel(node, node.Floats("support_vectors") ?? [], _starts[^1], isLinear: false);
    }

    private int Classes => _labels.Count;

    private int Machines => Classes * (Classes - 1) / 2;

    private bool HasProbabilities => !_isLinear && _probA.Length > 0;

    private int Columns => _isLinear || HasProbabilities ? Classes : Classes > 2 ? Machines : 2;

    public override void Infer(InferenceContext context)
    {
        var rows = FeatureRows.Of(context.Shape(0))?.Rows ?? context.NewSymbol();
        context.SetOutput(0, _labels.Element, rows);
        context.SetOutput(1, DataType.Float32, rows, Columns);
    }

    /// <summary>Of the features, the kernels, one row's machines, votes and probabilities of pairs and, where nobody wants them, the scores.</summary>
    public override long ScratchBytes(RunContext context)
    {
        long rows = FeatureRows.Of(context.Input(0)).Rows;
        return FeatureRows.FloatBytes(context.Input(0)) + (sizeof(float) * ((rows * (_kernel.Count + Columns)) + Machines + (2L * Classes * Classes) + (2 * Classes)));
    }

    public override void Run(RunContext context)
    {
        var x = context.Input(0);
        var (rows, features) = FeatureRows.Of(x);
        var floats = FeatureRows.Floats(x, context.Scratch);
        var rest = MemoryMarshal.Cast<byte, float>(context.Scratch[(int)FeatureRows.FloatBytes(x)..]);
        var values = Take(ref rest, rows * _kernel.Count);
        var unwanted = Take(ref rest, rows * Columns);
        var scores = context.HasOutput(1) ? context.Output(1).Values<float>() : unwanted;
        _kernel.Compute(floats, rows, features, values, context.Threads);
        for (var row = 0; row < rows; row++)
        {
            var of = scores.Slice(row * Columns, Columns);
            var label = _isLinear ? Linear(values.Slice(row * Classes, Classes), of) : Vote(values.Slice(row * _kernel.Count, _kernel.Count), of, rest);
            if (context.HasOutput(0)) _labels.Write(context.Output(0), row, label, isBinary: false);
        }
    }

    private int Linear(ReadOnlySpan<float> products, Span<float> scores)
    {
        var best = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = products[i] + _rho[0];
            if (scores[i] > scores[best]) best = i;
        }
        var isSecond = Classes == 2 && (_weightsAreAllPositive ? scores[best] >= 0.5f : scores[best] > 0) && _probA.Length == 0;
        if (scores.Length > 1 || _transform == PostTransform.Probit) ScoreTransform.Apply(_transform, scores);
        return isSecond ? 1 : best;
    }

    private int Vote(ReadOnlySpan<float> kernels, Span<float> scores, Span<float> scratch)
    {
        var machines = Take(ref scratch, Machines);
        var votes = MemoryMarshal.Cast<float, int>(Take(ref scratch, Classes));
        votes.Clear();
        var machine = 0;
        for (var i = 0; i < Classes - 1; i++)
        {
            for (var j = i + 1; j < Classes; j++, machine++)
            {
                var sum = Sum(kernels, j - 1, i) + Sum(kernels, i, j) + _rho[machine];
                machines[machine] = (float)sum;
                votes[sum > 0 ? i : j]++;
            }
        }
        var best = 0;
        for (var i = 1; i < votes.Length; i++)
        {
            if (votes[i] > votes[best]) best = i;
        }
        if (HasProbabilities)
        {
            PairProbabilities.Combine(machines, _probA, _probB, scores, scratch);
            if (scores.Length > 1) ScoreTransform.Apply(_transform, scores);
        }
        else if (Classes > 2)
        {
            machines.CopyTo(scores);
            ScoreTransform.Apply(_transform, scores);
        }
        else if (_transform == PostTransform.None)
        {
            (scores[0], scores[1]) = Machines == 1 ? (-machines[0], machines[0]) : (0, 0);
        }
        else if (Machines == 1)
        {
            TwoClasses.Of(_transform, machines[0], scores);
        }
        return best;
    }

    /// <summary>The part of a machine's decision that is the support vectors' of one class.</summary>
    private double Sum(ReadOnlySpan<float> kernels, int coefficientRow, int @class)
    {
        var (start, end) = (_starts[@class], _starts[@class + 1]);
        var coefficients = _coefficients.AsSpan((coefficientRow * _kernel.Count) + start, end - start);
        var values = kernels[start..end];
        var sum = 0d;
        for (var i = 0; i < values.Length; i++) sum += coefficients[i] * values[i];
        return sum;
    }

    private static Span<float> Take(ref Span<float> scratch, int count)
    {
        var taken = scratch[..count];
        scratch = scratch[count..];
        return taken;
    }

    private static int[] Starts(NodeInfo node, long[] counts)
    {
        var starts = new int[counts.Length + 1];
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] < 0 || counts[i] > int.MaxValue - starts[i]) throw node.Wrong($"attribute 'vectors_per_class': {counts[i]} is no number of vectors");
            starts[i + 1] = starts[i] + (int)counts[i];
        }
        return starts;
    }
}
