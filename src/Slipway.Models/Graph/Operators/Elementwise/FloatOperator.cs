using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// An operator that computes on float32 and float64 (and on integers as they are). float16 and bfloat16 tensors are computed in float32 and rounded once, at the end:
/// <see cref="Compute"/> never meets them, unless <see cref="ComputesNarrow"/>. Constants of these types are widened at load.
/// </summary>
internal abstract class FloatOperator : Operator
{
    private TensorValue?[]? _constants;

    /// <summary>Computes the outputs; elements are of no narrower floats than float32.</summary>
    protected abstract void Compute(RunContext context);

    /// <summary>Scratch memory of <see cref="Compute"/>.</summary>
    protected virtual long ComputeScratchBytes(RunContext context) => 0;

    /// <summary>As <see cref="Operator.Prepare"/>, with constants of narrow floats as float32.</summary>
    protected virtual void PrepareWide(PrepareContext context) { }

    /// <summary>Whether <see cref="Compute"/> works on the bits of float16 and bfloat16 tensors as they are.</summary>
    protected virtual bool ComputesNarrow => false;

    public sealed override void Prepare(PrepareContext context)
    {
        var hasNarrow = false;
        for (var i = 0; i < context.InputCount; i++) hasNarrow |= context.Constant(i) is { } constant && WideFloats.IsNarrow(constant.Element);
        if (!hasNarrow || ComputesNarrow)
        {
            PrepareWide(context);
            return;
        }
        using var constants = new WidenedConstants(context);
        var wide = context.With(constants.Values);
        PrepareWide(wide);
        _constants = constants.Keep(wide);
        for (var i = 0; i < context.InputCount; i++)
        {
            if (wide.IsForgotten(i) || _constants[i] is not null) context.Forget(i);
        }
    }

    public sealed override long ScratchBytes(RunContext context) => MustWiden(context) ? Widening(context).ScratchBytes(this, context) : ComputeScratchBytes(context);

    public sealed override void Run(RunContext context)
    {
        if (MustWiden(context)) Widening(context).Run(this, context);
        else Compute(context);
    }

    private static Widened Widening(RunContext context)
    {
        if (context.State is not Widened widened) context.State = widened = new Widened(context);
        return widened;
    }

    private bool MustWiden(RunContext context)
    {
        if (ComputesNarrow) return false;
        for (var i = 0; i < context.InputCount; i++)
        {
            if (context.HasInput(i) && context.InputValue(i) is TensorValue tensor && WideFloats.IsNarrow(tensor.Element)) return true;
        }
        for (var i = 0; i < context.OutputCount; i++)
        {
            if (context.HasOutput(i) && WideFloats.IsNarrow(context.Output(i).Element)) return true;
        }
        return false;
    }

    /// <summary>The float32 twin of a run's context. Its tensors lie in the run's scratch memory, before that of <see cref="Compute"/>.</summary>
    private sealed class Widened
    {
        private readonly Value?[] _slots;
        private readonly TensorValue?[] _twins;
        private readonly RunContext _context;
        private long _bytes;

        public Widened(RunContext outer)
        {
            var count = outer.InputCount + outer.OutputCount;
            _slots = new Value?[count];
            _twins = new TensorValue?[count];
            var inputs = new int[outer.InputCount];
            for (var i = 0; i < inputs.Length; i++) inputs[i] = outer.HasInput(i) ? i : -1;
            var outputs = new int[outer.OutputCount];
            for (var i = 0; i < outputs.Length; i++) outputs[i] = outer.HasOutput(i) ? inputs.Length + i : -1;
            _context = new RunContext(_slots, inputs, outputs) { Memory = outer.Memory };
        }

        public long ScratchBytes(FloatOperator owner, RunContext outer)
        {
            Declare(owner, outer);
            return _bytes + owner.ComputeScratchBytes(_context);
        }

        public void Run(FloatOperator owner, RunContext outer)
        {
            outer.RequireScratch(ScratchBytes(owner, outer));
            Lend(outer.ScratchMemory);
            for (var i = 0; i < outer.InputCount; i++)
            {
                if (_twins[i] is { } twin && ReferenceEquals(_slots[i], twin)) WideFloats.Widen(outer.Input(i), twin.Values<float>(), outer.Threads);
            }
            _context.ScratchMemory = outer.ScratchMemory[(int)_bytes..];
            _context.Cancellation = outer.Cancellation;
            owner.Compute(_context);
            for (var i = 0; i < outer.OutputCount; i++)
            {
                var slot = outer.InputCount + i;
                if (_twins[slot] is { } twin && ReferenceEquals(_slots[slot], twin)) WideFloats.Narrow(twin.Values<float>(), outer.Output(i), outer.Threads);
            }
        }

        private void Declare(FloatOperator owner, RunContext outer)
        {
            _context.Threads = outer.Threads;
            _bytes = 0;
            for (var i = 0; i < outer.InputCount; i++)
            {
                if (!outer.HasInput(i)) continue;
                _slots[i] = owner._constants?[i] ?? outer.InputValue(i);
                if (_slots[i] is TensorValue tensor && WideFloats.IsNarrow(tensor.Element)) Declare(i, tensor);
            }
            for (var i = 0; i < outer.OutputCount; i++)
            {
                if (!outer.HasOutput(i)) continue;
                var slot = outer.InputCount + i;
                var tensor = outer.Output(i);
                _slots[slot] = tensor;
                if (WideFloats.IsNarrow(tensor.Element)) Declare(slot, tensor);
            }
        }

        private void Declare(int slot, TensorValue of)
        {
            var twin = _twins[slot] ??= new TensorValue(DataType.Float32);
            twin.Declare(DataType.Float32, of.Shape);
            _slots[slot] = twin;
            _bytes += BytesOf(twin);
        }

        private void Lend(Memory<byte> memory)
        {
            var place = 0;
            for (var slot = 0; slot < _slots.Length; slot++)
            {
                if (_twins[slot] is not { } twin || !ReferenceEquals(_slots[slot], twin)) continue;
                var bytes = (int)BytesOf(twin);
                twin.Lend(memory.Slice(place, bytes));
                place += bytes;
            }
        }

        /// <summary>As much as lets the next begin at a cache line.</summary>
        private static long BytesOf(TensorValue twin) => ((long)twin.Count * sizeof(float) + AlignedMemory.Alignment - 1) & -AlignedMemory.Alignment;
    }
}
