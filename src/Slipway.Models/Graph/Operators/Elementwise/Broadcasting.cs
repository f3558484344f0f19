using System.Runtime.CompilerServices;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// How several tensors are walked together in the order of the output: dimensions of size 1 dropped, neighbours that all step alike merged.
/// The innermost dimension is left to the caller, who gets runs of elements: as many as the run is long, or one that is repeated.
/// </summary>
internal sealed class Broadcasting
{
    private const int Most = 4;
    private readonly long[][] _shapes;
    private readonly long[] _output;
    private readonly int _outerRank;
    private readonly int[] _outer;
    private readonly int[] _strides;
    private readonly bool[] _repeated = new bool[Most];

    private Broadcasting(ReadOnlySpan<long> output, long[][] shapes)
    {
        _output = output.ToArray();
        _shapes = shapes;
        var rank = output.Length;
        var sizes = new int[rank + 1];
        var steps = new int[Most][];
        for (var i = 0; i < shapes.Length; i++) steps[i] = Steps(shapes[i], output);
        var kept = 0;
        for (var axis = 0; axis < rank; axis++)
        {
            if (output[axis] == 1) continue;
            if (kept > 0 && CanMerge(steps, shapes.Length, kept - 1, axis, (int)output[axis]))
            {
                sizes[kept - 1] *= (int)output[axis];
                for (var i = 0; i < shapes.Length; i++) steps[i][kept - 1] = steps[i][axis];
                continue;
            }
            sizes[kept] = (int)output[axis];
            for (var i = 0; i < shapes.Length; i++) steps[i][kept] = steps[i][axis];
            kept++;
        }
        RunLength = kept == 0 ? 1 : sizes[kept - 1];
        _outerRank = Math.Max(kept - 1, 0);
        _outer = sizes[.._outerRank];
        _strides = new int[_outerRank * shapes.Length];
        Runs = 1;
        for (var d = 0; d < _outerRank; d++) Runs *= _outer[d];
        for (var i = 0; i < shapes.Length; i++)
        {
            for (var d = 0; d < _outerRank; d++) _strides[i * _outerRank + d] = steps[i][d];
            _repeated[i] = kept > 0 && steps[i][kept - 1] == 0;
        }
        if (Shape.CountOf(output) == 0) Runs = 0;
    }

    /// <summary>Elements of the innermost dimension.</summary>
    public int RunLength { get; }

    public int Runs { get; }

    /// <summary>One element serves a whole run.</summary>
    public bool IsRepeated(int input) => _repeated[input];

    /// <summary>The walk for these shapes, kept in <paramref name="state"/> between runs of the same shapes.</summary>
    /// <exception cref="RecordException">A shape does not broadcast to the output's.</exception>
    public static Broadcasting Of(ref object? state, ReadOnlySpan<long> output, ReadOnlySpan<long> a, ReadOnlySpan<long> b)
    {
        if (state is Broadcasting kept && kept._shapes.Length == 2 && kept.Fits(output, 0, a) && kept.Fits(output, 1, b)) return kept;
        var made = new Broadcasting(output, [a.ToArray(), b.ToArray()]);
        state = made;
        return made;
    }

    /// <inheritdoc cref="Of(ref object?, ReadOnlySpan{long}, ReadOnlySpan{long}, ReadOnlySpan{long})"/>
    public static Broadcasting Of(ref object? state, ReadOnlySpan<long> output, ReadOnlySpan<long> a, ReadOnlySpan<long> b, ReadOnlySpan<long> c)
    {
        if (state is Broadcasting kept && kept._shapes.Length == 3 && kept.Fits(output, 0, a) && kept.Fits(output, 1, b) && kept.Fits(output, 2, c)) return kept;
        var made = new Broadcasting(output, [a.ToArray(), b.ToArray(), c.ToArray()]);
        state = made;
        return made;
    }

    /// <summary>Calls <paramref name="loop"/> for every run.</summary>
    public void Each<TLoop>(ref TLoop loop) where TLoop : IBroadcastLoop, allows ref struct => Each(ref loop, 0, Runs * RunLength);

    /// <summary>Calls <paramref name="loop"/> for the runs between two elements of the output; the first and the last of them may be parts of runs.</summary>
    public void Each<TLoop>(ref TLoop loop, int first, int end) where TLoop : IBroadcastLoop, allows ref struct
    {
        if (first >= end) return;
        Span<int> index = stackalloc int[_outerRank];
        Span<int> starts = stackalloc int[Most];
        starts.Clear();
        var (run, skipped) = Math.DivRem(first, RunLength);
        for (var d = _outerRank - 1; d >= 0; d--)
        {
            (run, index[d]) = Math.DivRem(run, _outer[d]);
            for (var i = 0; i < _shapes.Length; i++) starts[i] += index[d] * _strides[i * _outerRank + d];
        }
        if (skipped > 0)
        {
            var length = Math.Min(RunLength - skipped, end - first);
            Move(starts, skipped);
            loop.Run(starts, first, length);
            Move(starts, -skipped);
            first += length;
            Step(index, starts);
        }
        for (; first < end; first += RunLength)
        {
            loop.Run(starts, first, Math.Min(RunLength, end - first));
            Step(index, starts);
        }
    }

    /// <summary>The elements of a run: as many as it has, or the one that is repeated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<T> Run<T>(ReadOnlySpan<T> values, int input, int start, int length) => values.Slice(start, _repeated[input] ? 1 : length);

    private void Move(Span<int> starts, int elements)
    {
        for (var i = 0; i < _shapes.Length; i++)
        {
            if (!_repeated[i]) starts[i] += elements;
        }
    }

    /// <summary>From one run to the next.</summary>
    private void Step(Span<int> index, Span<int> starts)
    {
        for (var d = _outerRank - 1; d >= 0; d--)
        {
            for (var i = 0; i < _shapes.Length; i++) starts[i] += _strides[i * _outerRank + d];
            if (++index[d] < _outer[d]) return;
            for (var i = 0; i < _shapes.Length; i++) starts[i] -= _strides[i * _outerRank + d] * _outer[d];
            index[d] = 0;
        }
    }

    private bool Fits(ReadOnlySpan<long> output, int input, ReadOnlySpan<long> shape) => output.SequenceEqual(_output) && shape.SequenceEqual(_shapes[input]);

    private static bool CanMerge(int[][] steps, int count, int outer, int inner, int size)
    {
        for (var i = 0; i < count; i++)
        {
            if (steps[i][outer] != steps[i][inner] * size) return false;
        }
        return true;
    }

    private static int[] Steps(ReadOnlySpan<long> shape, ReadOnlySpan<long> output)
    {
        var steps = new int[output.Length + 1];
        var step = 1;
        for (var i = 1; i <= shape.Length; i++)
        {
            if (i > output.Length || (shape[^i] != 1 && shape[^i] != output[^i])) throw new RecordException($"a tensor of shape {Shape.TextOf(shape)} does not broadcast to {Shape.TextOf(output)}");
            steps[output.Length - i] = shape[^i] == 1 ? 0 : step;
            step *= (int)shape[^i];
        }
        return steps;
    }
}

/// <summary>What is done with one run of a broadcast walk, or a part of one.</summary>
internal interface IBroadcastLoop
{
    /// <param name="starts">The first element of the run in each input.</param>
    /// <param name="output">The first element of the run in the output.</param>
    /// <param name="length">Elements of the run.</param>
    void Run(scoped ReadOnlySpan<int> starts, int output, int length);
}
