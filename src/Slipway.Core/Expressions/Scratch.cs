using System.Buffers;

namespace Slipway.Core.Expressions;

/// <summary>A pooled temporary: <c>using var right = new Scratch&lt;double&gt;(count);</c></summary>
internal readonly ref struct Scratch<T>(int count) : IDisposable where T : unmanaged
{
    private readonly T[] _array = ArrayPool<T>.Shared.Rent(count);

    public Span<T> Span => _array.AsSpan(0, count);

    public void Dispose() => ArrayPool<T>.Shared.Return(_array);
}
