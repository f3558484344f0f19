using System.Buffers;
using System.Runtime.InteropServices;

namespace Slipway.Models.Graph;

/// <summary>A node's float16 and bfloat16 constants as float32, at load: in memory that is given back at once, because most operators only pack what they read of them.</summary>
internal sealed class WidenedConstants : IDisposable
{
    private readonly NativeBytes?[] _memory;

    public WidenedConstants(PrepareContext context)
    {
        Values = new TensorValue?[context.InputCount];
        _memory = new NativeBytes?[context.InputCount];
        for (var i = 0; i < Values.Length; i++)
        {
            Values[i] = context.Constant(i);
            if (Values[i] is not { } narrow || !WideFloats.IsNarrow(narrow.Element)) continue;
            var wide = ShapeOf(narrow);
            _memory[i] = new NativeBytes(checked(wide.Count * sizeof(float)));
            wide.Lend(_memory[i]!.Memory);
            WideFloats.Widen(narrow, wide.Values<float>());
            Values[i] = wide;
        }
    }

    /// <summary>By input: the constant, as float32 where it was narrower; null where there is none.</summary>
    public TensorValue?[] Values { get; }

    /// <summary>By input that was narrow: its float32 form, without elements where the operator has forgotten it.</summary>
    public TensorValue?[] Keep(PrepareContext context)
    {
        var kept = new TensorValue?[Values.Length];
        for (var i = 0; i < kept.Length; i++)
        {
            if (_memory[i] is not { } memory) continue;
            kept[i] = Values[i]!;
            if (context.IsForgotten(i))
            {
                kept[i] = ShapeOf(Values[i]!);
                continue;
            }
            // The operator may hold on to the tensor, so that its memory changes, not the tensor.
            var own = AlignedMemory.Allocate(memory.Memory.Length);
            memory.Memory.CopyTo(own);
            kept[i]!.Lend(own);
        }
        return kept;
    }

    public void Dispose()
    {
        foreach (var memory in _memory) ((IDisposable?)memory)?.Dispose();
    }

    private static TensorValue ShapeOf(TensorValue constant)
    {
        var shape = new TensorValue(DataType.Float32);
        shape.Declare(DataType.Float32, constant.Shape);
        return shape;
    }

    /// <summary>Memory that the collector does not know.</summary>
    private sealed unsafe class NativeBytes(int length) : MemoryManager<byte>
    {
        private byte* _bytes = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, length), AlignedMemory.Alignment);

        public override Span<byte> GetSpan() => _bytes is null ? throw new ObjectDisposedException(nameof(NativeBytes)) : new(_bytes, length);

        public override MemoryHandle Pin(int elementIndex = 0) => new(_bytes + elementIndex);

        public override void Unpin() { }

        protected override void Dispose(bool disposing)
        {
            NativeMemory.AlignedFree(_bytes);
            _bytes = null;
        }
    }
}
