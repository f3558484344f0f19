namespace Slipway.Models.Graph;

/// <summary>
/// An operator that computes on float32 and float64 (and on integers as they are). float16 and bfloat16 tensors are computed in float32 and rounded once, at the end:
/// <see cref="Compute"/> never meets them.
/// </summary>
internal abstract class FloatOperator : Operator
{
    /// <summary>Computes the outputs; elements are of no narrower floats than float32.</summary>
    protected abstract void Compute(RunContext context);

    /// <summary>Scratch memory of <see cref="Compute"/>.</summary>
    protected virtual long ComputeScratchBytes(RunContext context) => 0;

    /// <summary>False for an input whose elements <see cref="Compute"/> does not read, because <see cref="Operator.Prepare"/> kept them in another form.</summary>
    protected virtual bool Reads(int input) => true;

    public sealed override long ScratchBytes(RunContext context) => HasNarrow(context) ? 0 : ComputeScratchBytes(context);

    public sealed override void Run(RunContext context)
    {
        if (!HasNarrow(context))
        {
            Compute(context);
            return;
        }
        if (context.State is not Widened widened) context.State = widened = new Widened(context);
        widened.Run(this, context);
    }

    private static bool HasNarrow(RunContext context)
    {
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

    /// <summary>The float32 twin of a run's context.</summary>
    private sealed class Widened
    {
        private readonly Value?[] _slots;
        private readonly TensorValue?[] _twins;
        private readonly RunContext _context;

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

        public void Run(FloatOperator owner, RunContext outer)
        {
            for (var i = 0; i < outer.InputCount; i++)
            {
                if (!outer.HasInput(i)) continue;
                _slots[i] = outer.InputValue(i);
                if (_slots[i] is not TensorValue tensor || !WideFloats.IsNarrow(tensor.Element)) continue;
                var twin = Twin(i, tensor);
                if (owner.Reads(i)) WideFloats.Widen(tensor, twin.Values<float>());
            }
            for (var i = 0; i < outer.OutputCount; i++)
            {
                if (!outer.HasOutput(i)) continue;
                var slot = outer.InputCount + i;
                var tensor = outer.Output(i);
                _slots[slot] = WideFloats.IsNarrow(tensor.Element) ? Twin(slot, tensor) : tensor;
            }
            _context.Threads = outer.Threads;
            _context.Cancellation = outer.Cancellation;
            _context.RequireScratch(owner.ComputeScratchBytes(_context));
            owner.Compute(_context);
            for (var i = 0; i < outer.OutputCount; i++)
            {
                if (outer.HasOutput(i) && outer.Output(i) is var tensor && WideFloats.IsNarrow(tensor.Element)) WideFloats.Narrow(_twins[outer.InputCount + i]!.Values<float>(), tensor);
            }
        }

        private TensorValue Twin(int slot, TensorValue of)
        {
            var twin = _twins[slot] ??= new TensorValue(DataType.Float32);
            _context.Resize(twin, DataType.Float32, of.Shape);
            _slots[slot] = twin;
            return twin;
        }
    }
}
