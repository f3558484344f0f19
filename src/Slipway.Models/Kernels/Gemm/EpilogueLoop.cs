using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>A <see cref="GemmEpilogue{T}"/> as a kernel holds it, applied to a finished tile of C that is still in the nearest cache.</summary>
internal unsafe struct EpilogueLoop<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* Bias;
    public BiasKind BiasKind;
    public T* Residual;
    public nint ResidualRow;
    public T Alpha;
    public T Beta;
    public T Low;
    public T High;
    public ActivationKind Activation;

    /// <summary>There is nothing to do.</summary>
    public readonly bool IsEmpty => BiasKind == BiasKind.None && Residual == null && Activation == ActivationKind.None && Alpha == T.One;

    /// <param name="c">The tile's first element.</param>
    /// <param name="cRow">From a row of C to the next, in elements.</param>
    /// <param name="rows">Of the tile.</param>
    /// <param name="columns">Of the tile.</param>
    /// <param name="row">The tile's first row in C.</param>
    /// <param name="column">The tile's first column in C.</param>
    public readonly void Apply(T* c, nint cRow, int rows, int columns, nint row, nint column)
    {
        for (var i = 0; i < rows; i++, c += cRow)
        {
            if (Alpha != T.One) Scale(c, columns);
            if (BiasKind == BiasKind.PerColumn) Add(c, Bias + column, columns);
            else if (BiasKind == BiasKind.PerRow) Add(c, Bias[row + i], columns);
            if (Residual != null) AddResidual(c, Residual + ((row + i) * ResidualRow) + column, columns);
            if (Activation != ActivationKind.None) Activate(c, columns);
        }
    }

    private readonly void Scale(T* c, int count)
    {
        var alpha = Vector.Create(Alpha);
        var j = 0;
        for (; j <= count - Vector<T>.Count; j += Vector<T>.Count) (Vector.Load(c + j) * alpha).Store(c + j);
        for (; j < count; j++) c[j] *= Alpha;
    }

    private static void Add(T* c, T* bias, int count)
    {
        var j = 0;
        for (; j <= count - Vector<T>.Count; j += Vector<T>.Count) (Vector.Load(c + j) + Vector.Load(bias + j)).Store(c + j);
        for (; j < count; j++) c[j] += bias[j];
    }

    private static void Add(T* c, T bias, int count)
    {
        var vector = Vector.Create(bias);
        var j = 0;
        for (; j <= count - Vector<T>.Count; j += Vector<T>.Count) (Vector.Load(c + j) + vector).Store(c + j);
        for (; j < count; j++) c[j] += bias;
    }

    private readonly void AddResidual(T* c, T* residual, int count)
    {
        if (Beta == T.One)
        {
            Add(c, residual, count);
            return;
        }
        var beta = Vector.Create(Beta);
        var j = 0;
        for (; j <= count - Vector<T>.Count; j += Vector<T>.Count) (Vector.Load(c + j) + (Vector.Load(residual + j) * beta)).Store(c + j);
        for (; j < count; j++) c[j] += residual[j] * Beta;
    }

    private readonly void Activate(T* c, int count)
    {
        var j = 0;
        for (; j <= count - Vector<T>.Count; j += Vector<T>.Count) Activate(Vector.Load(c + j)).Store(c + j);
        if (j == count) return;
        Span<T> rest = stackalloc T[Vector<T>.Count];
        new ReadOnlySpan<T>(c + j, count - j).CopyTo(rest);
        Activate(new Vector<T>(rest)).CopyTo(rest);
        rest[..(count - j)].CopyTo(new Span<T>(c + j, count - j));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Vector<T> Activate(Vector<T> x)
    {
        var zero = Vector<T>.Zero;
        switch (Activation)
        {
            case ActivationKind.Relu:
                return Vector.Max(x, zero);
            case ActivationKind.Clip:
                return Vector.Min(Vector.Max(x, Vector.Create(Low)), Vector.Create(High));
            case ActivationKind.LeakyRelu:
                return Vector.ConditionalSelect(Vector.LessThan(x, zero), x * Low, x);
            case ActivationKind.HardSigmoid:
                return Vector.Min(Vector.Max((x * Low) + Vector.Create(High), zero), Vector<T>.One);
            case ActivationKind.HardSwish:
                var half = Vector.Create(T.CreateChecked(0.5));
                return x * Vector.Min(Vector.Max((x * Vector.Create(T.One / T.CreateChecked(6))) + half, zero), Vector<T>.One);
            default:
                return x;
        }
    }
}
