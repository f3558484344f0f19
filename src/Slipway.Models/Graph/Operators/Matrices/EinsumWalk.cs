using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>The loops of an Einsum for given shapes: over the output's labels, and inside over those that are summed.</summary>
internal sealed class EinsumWalk
{
    private readonly long[][] _shapes;
    private readonly int[] _sizes;
    private readonly int[] _index;
    private readonly int[] _starts;
    private readonly int[] _steps;
    private readonly int _outputRank;
    private readonly int _inputs;

    public EinsumWalk(EinsumEquation equation, RunContext context)
    {
        _inputs = equation.Inputs.Length;
        _shapes = new long[_inputs][];
        var labels = new int[_inputs][];
        var order = new List<int>(EinsumEquation.Expand(equation.Output, context.Output(0).Rank));
        _outputRank = order.Count;
        for (var i = 0; i < _inputs; i++)
        {
            _shapes[i] = context.Input(i).Shape.ToArray();
            labels[i] = EinsumEquation.Expand(equation.Inputs[i], _shapes[i].Length);
            foreach (var label in labels[i])
            {
                if (!order.Contains(label)) order.Add(label);
            }
        }
        _sizes = new int[order.Count];
        _index = new int[order.Count];
        _starts = new int[_inputs];
        _steps = new int[_inputs * order.Count];
        Array.Fill(_sizes, 1);
        for (var i = 0; i < _inputs; i++)
        {
            var step = 1;
            for (var axis = labels[i].Length - 1; axis >= 0; axis--)
            {
                var loop = order.IndexOf(labels[i][axis]);
                var size = (int)_shapes[i][axis];
                if (size != 1)
                {
                    if (_sizes[loop] != 1 && _sizes[loop] != size) throw new RecordException($"a dimension of {context.Input(i).Type} is {size} and {_sizes[loop]} elsewhere");
                    _sizes[loop] = size;
                    _steps[i * order.Count + loop] += step;
                }
                step *= size;
            }
        }
        Summed = 1;
        for (var loop = _outputRank; loop < _sizes.Length; loop++) Summed = checked(Summed * _sizes[loop]);
    }

    /// <summary>Products in each sum.</summary>
    public long Summed { get; }

    public bool Fits(RunContext context)
    {
        for (var i = 0; i < _inputs; i++)
        {
            if (!context.Input(i).Shape.SequenceEqual(_shapes[i])) return false;
        }
        return true;
    }

    public void Run<T, TSum>(RunContext context)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
    {
        Array.Clear(_index);
        Array.Clear(_starts);
        var y = context.Output(0).Values<T>();
        for (var i = 0; i < y.Length; i++)
        {
            var sum = TSum.Zero;
            for (long k = 0; k < Summed; k++)
            {
                var product = TSum.CreateTruncating(context.Input(0).Values<T>()[_starts[0]]);
                for (var input = 1; input < _inputs; input++) product = unchecked(product * TSum.CreateTruncating(context.Input(input).Values<T>()[_starts[input]]));
                sum = unchecked(sum + product);
                Advance(_sizes.Length, _outputRank);
            }
            y[i] = T.CreateTruncating(sum);
            Advance(_outputRank, 0);
        }
    }

    /// <summary>The next place in the loops from <paramref name="from"/> up to <paramref name="end"/>; after the last the first again.</summary>
    private void Advance(int end, int from)
    {
        for (var loop = end - 1; loop >= from; loop--)
        {
            for (var i = 0; i < _inputs; i++) _starts[i] += _steps[i * _sizes.Length + loop];
            if (++_index[loop] < _sizes[loop]) return;
            for (var i = 0; i < _inputs; i++) _starts[i] -= _steps[i * _sizes.Length + loop] * _sizes[loop];
            _index[loop] = 0;
        }
    }
}
