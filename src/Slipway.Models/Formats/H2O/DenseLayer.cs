using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Formats.H2O;

/// <summary>A fully connected layer in float64 over float32 weights, its sums in the order of H2O's own: eight partial sums over the inputs, the inputs that are left, the bias.</summary>
internal sealed class DenseLayer
{
    private const int Lanes = 8;

    private readonly double[] _weights;
    private readonly double[] _biases;
    private readonly Activation _activation;
    private readonly double _kept;

    /// <param name="pieces">Linear functions of each unit, of which the largest counts; 1 without maxout.</param>
    /// <param name="weights">Unit by unit, for each input the pieces'.</param>
    /// <param name="biases">Unit by unit, the pieces'.</param>
    /// <param name="dropout">The part of the units that training left out.</param>
    public DenseLayer(int inputs, int outputs, int pieces, double[] weights, double[] biases, Activation activation, double dropout)
    {
        Inputs = inputs;
        Outputs = outputs;
        Pieces = pieces;
        _weights = weights;
        // Files print more digits than the weights have.
        foreach (ref var weight in _weights.AsSpan()) weight = (float)weight;
        _biases = biases;
        _activation = activation;
        _kept = dropout > 0 ? 1 - dropout : 1;
    }

    public int Inputs { get; }

    public int Outputs { get; }

    public int Pieces { get; }

    /// <param name="units">Room for <see cref="Outputs"/> × <see cref="Pieces"/>; the outputs are at the front.</param>
    public void Apply(ReadOnlySpan<double> inputs, Span<double> units)
    {
        if (_activation.IsMaxout) Maxout(inputs, units);
        else
        {
            for (var unit = 0; unit < Outputs; unit++) units[unit] = Sum(inputs, _weights.AsSpan(unit * Inputs, Inputs)) + _biases[unit];
            Activate(units[..Outputs]);
        }
        if (_kept == 1) return;
        foreach (ref var unit in units[..Outputs]) unit *= _kept;
    }

    private static double Sum(ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights)
    {
        var whole = inputs.Length - (inputs.Length % Lanes);
        var sums = Vector512<double>.Zero;
        ref var x = ref MemoryMarshal.GetReference(inputs);
        ref var w = ref MemoryMarshal.GetReference(weights);
        for (nuint i = 0; i < (nuint)whole; i += Lanes) sums += Vector512.LoadUnsafe(ref w, i) * Vector512.LoadUnsafe(ref x, i);
        var sum = sums[0] + sums[1] + sums[2] + sums[3];
        sum += sums[4] + sums[5] + sums[6] + sums[7];
        for (var i = whole; i < inputs.Length; i++) sum += weights[i] * inputs[i];
        return sum;
    }

    private void Maxout(ReadOnlySpan<double> inputs, Span<double> units)
    {
        for (var unit = 0; unit < Outputs; unit++)
        {
            var largest = double.NegativeInfinity;
            for (var piece = 0; piece < Pieces; piece++)
            {
                var sum = 0.0;
                for (var i = 0; i < inputs.Length; i++) sum += inputs[i] * _weights[(Pieces * ((unit * Inputs) + i)) + piece];
                sum += _biases[(Pieces * unit) + piece];
                largest = largest > sum ? largest : sum;
            }
            units[unit] = largest;
        }
    }

    private void Activate(Span<double> units)
    {
        switch (_activation.Function)
        {
            case ActivationFunction.Tanh:
                foreach (ref var x in units) x = 1 - (2 / (1 + Math.Exp(2 * x)));
                break;
            case ActivationFunction.Rectifier:
                foreach (ref var x in units) x = 0.5 * (x + Math.Abs(x));
                break;
            case ActivationFunction.ExpRectifier:
                foreach (ref var x in units) x = x >= 0 ? x : Math.Exp(x) - 1;
                break;
            case ActivationFunction.Softmax:
                Softmax(units);
                break;
        }
    }

    private static void Softmax(Span<double> units)
    {
        var max = units[0];
        foreach (var x in units) max = max < x ? x : max;
        var sum = 0.0;
        foreach (ref var x in units) sum += x = Math.Exp(x - max);
        foreach (ref var x in units) x /= sum;
    }
}
