namespace Slipway.Models.Graph;

/// <summary>The one or the other of two tensors, as a third says; all three broadcast.</summary>
/// <param name="walk">Over condition, a and b.</param>
internal readonly ref struct ChoiceLoop<T>(Broadcasting walk, ReadOnlySpan<bool> condition, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) : IBroadcastLoop
{
    private readonly ReadOnlySpan<bool> _condition = condition;
    private readonly ReadOnlySpan<T> _a = a, _b = b;
    private readonly Span<T> _y = y;

    public void Run(scoped ReadOnlySpan<int> starts, int output, int length)
    {
        var condition = walk.Run(_condition, 0, starts[0], length);
        var left = walk.Run(_a, 1, starts[1], length);
        var right = walk.Run(_b, 2, starts[2], length);
        var to = _y.Slice(output, length);
        for (var i = 0; i < to.Length; i++) to[i] = condition[condition.Length == 1 ? 0 : i] ? left[left.Length == 1 ? 0 : i] : right[right.Length == 1 ? 0 : i];
    }
}
