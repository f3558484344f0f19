namespace Slipway.Models.Kernels;

/// <summary>
/// Pooling of float32 tensors in the layout of ONNX, made for one window. A run takes any number of planes (items times channels), allocates nothing and is safe from
/// many threads at once. Other element types, indices and norms: <see cref="PoolingReference"/>.
/// </summary>
internal abstract unsafe class Pooling
{
    /// <summary>Beyond so many taps, tables of them cost more than they save.</summary>
    protected const int MostTaps = 1 << 12;

    private readonly TapPlanes? _planes;
    private readonly MaxRows? _rows;
    private readonly TapKernel _kernel;
    private readonly float _padding;
    private Work? _idle;

    private protected Pooling(SpatialWindow window, TapKernel kernel, float padding, MaxRows? rows = null)
    {
        Window = window;
        _kernel = kernel;
        _padding = padding;
        _rows = rows;
        if (window.Taps <= MostTaps && rows is null) _planes = new TapPlanes(window, 1);
    }

    public SpatialWindow Window { get; }

    private long FloatsPerThread => _rows is not null ? _rows.Length : _planes is null ? 0 : _kernel.PlanesLength(_planes) + _kernel.NarrowLength(Window);

    private bool CopiesInput => _rows is null && (!_planes!.IsInput || _kernel.IsNarrow(Window));

    /// <summary>Bytes of scratch memory that a run needs, for any number of planes.</summary>
    /// <param name="threads">As given to the run, or more.</param>
    public long ScratchBytes(int threads) => threads * FloatsPerThread * sizeof(float);

    /// <summary>Pools planes.</summary>
    /// <param name="planes">Items times channels, 0 or more.</param>
    /// <param name="input"><paramref name="planes"/> times <see cref="SpatialWindow.InputPixels"/>.</param>
    /// <param name="output"><paramref name="planes"/> times <see cref="SpatialWindow.OutputPixels"/>.</param>
    /// <param name="scratch"><see cref="ScratchBytes"/> bytes, of any content.</param>
    /// <param name="threads">Most threads to use, at least 1.</param>
    /// <exception cref="ArgumentException">A span does not have its length.</exception>
    public void Run(int planes, ReadOnlySpan<float> input, Span<float> output, Span<byte> scratch, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        PoolingReference.Require(Window, planes, input.Length, output.Length);
        if (scratch.Length < ScratchBytes(threads)) throw new ArgumentException($"a pooling needs {ScratchBytes(threads)} bytes of scratch memory and has {scratch.Length}", nameof(scratch));
        if (_planes is null && _rows is null)
        {
            RunReference(planes, input, output);
            return;
        }
        var work = Interlocked.Exchange(ref _idle, null) ?? new Work(this);
        fixed (float* i = input, o = output)
        fixed (byte* s = scratch)
        {
            work.Input = i;
            work.Output = o;
            work.Scratch = (float*)s;
            work.Planes = planes;
            work.Parts = Math.Min(threads, planes);
            WorkerPool.Shared.Run(work, work.Parts, threads);
        }
        Volatile.Write(ref _idle, work);
    }

    /// <summary>The same by the definition.</summary>
    protected abstract void RunReference(int planes, ReadOnlySpan<float> input, Span<float> output);

    /// <summary>Makes the outputs of a plane of what its windows gave.</summary>
    protected virtual void Finish(Span<float> output)
    {
    }

    private void RunPlane(float* input, float* output, float* scratch)
    {
        if (_rows is not null)
        {
            _rows.Run(input, scratch, output);
            return;
        }
        var plane = input;
        if (CopiesInput)
        {
            _planes!.Fill(input, scratch);
            plane = scratch;
        }
        _kernel.Run(Window, _planes!, plane, null, scratch + _kernel.PlanesLength(_planes!), output);
        Finish(new Span<float>(output, Window.OutputPixels));
    }

    /// <summary>One run; a part is some planes.</summary>
    private sealed class Work(Pooling pooling) : IParallelWork
    {
        public float* Input;
        public float* Output;
        public float* Scratch;
        public int Planes;
        public int Parts;

        public void Run(int part)
        {
            var window = pooling.Window;
            var end = (long)Planes * (part + 1) / Parts;
            var scratch = Scratch + (part * pooling.FloatsPerThread);
            if (pooling._rows is not null) new Span<float>(scratch, pooling._rows.Length).Fill(pooling._padding);
            if (pooling.CopiesInput) pooling._planes!.Pad(scratch, pooling._padding);
            for (var plane = (long)Planes * part / Parts; plane < end; plane++)
            {
                pooling.RunPlane(Input + (plane * window.InputPixels), Output + (plane * window.OutputPixels), scratch);
            }
        }
    }
}
