using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>A <see cref="GemmEpilogue{T}"/> as a kernel holds it, applied in one pass to a finished tile of C that is still in the nearest cache.</summary>
internal unsafe struct EpilogueLoop<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* Bias;
    public BiasKind BiasKind;
    public T* Residual;
    public nint ResidualRow;
    public T Alpha;
    public T Beta;

    /// <summary>The activation's alpha.</summary>
    public T Low;

    /// <summary>The activation's beta.</summary>
    public T High;

    public ActivationKind Activation;

    /// <summary>There is nothing to do.</summary>
    public readonly bool IsEmpty => BiasKind == BiasKind.None && Residual == null && Activation == ActivationKind.None && Alpha == T.One;

    /// <summary>What is done to an element is the same in all of its row.</summary>
    public readonly bool IsOfRows => IsPlain && BiasKind != BiasKind.PerColumn;

    private readonly bool IsPlain => Alpha == T.One && Residual == null;

    /// <param name="c">The tile's first element.</param>
    /// <param name="cRow">From a row of C to the next, in elements.</param>
    /// <param name="rows">Of the tile.</param>
    /// <param name="columns">Of the tile.</param>
    /// <param name="row">The tile's first row in C.</param>
    /// <param name="column">The tile's first column in C.</param>
    public readonly void Apply(T* c, nint cRow, int rows, int columns, nint row, nint column) => Apply(c, cRow, c, cRow, rows, columns, row, column);

    /// <param name="from">The products: the tile itself or a copy of it.</param>
    /// <param name="fromRow">From a row of them to the next.</param>
    /// <inheritdoc cref="Apply(T*, nint, int, int, nint, nint)"/>
    public readonly void Apply(T* from, nint fromRow, T* c, nint cRow, int rows, int columns, nint row, nint column)
    {
        var tile = new Tile { From = from, FromRow = fromRow, C = c, CRow = cRow, Rows = rows, Columns = columns, Row = row, Column = column };
        switch (Activation)
        {
            case ActivationKind.None: Apply<EpilogueFunctions.None<T>>(tile); break;
            case ActivationKind.Relu: Apply<EpilogueFunctions.Relu<T>>(tile); break;
            case ActivationKind.Clip: Apply<EpilogueFunctions.Clip<T>>(tile); break;
            case ActivationKind.LeakyRelu: Apply<EpilogueFunctions.LeakyRelu<T>>(tile); break;
            case ActivationKind.HardSigmoid: Apply<EpilogueFunctions.HardSigmoid<T>>(tile); break;
            case ActivationKind.HardSwish: Apply<EpilogueFunctions.HardSwish<T>>(tile); break;
            default:
                if (typeof(T) == typeof(float)) ApplySingle(Unsafe.BitCast<EpilogueLoop<T>, EpilogueLoop<float>>(this), Unsafe.BitCast<Tile, EpilogueLoop<float>.Tile>(tile));
                break;
        }
    }

    private static void ApplySingle(in EpilogueLoop<float> loop, in EpilogueLoop<float>.Tile tile)
    {
        switch (loop.Activation)
        {
            case ActivationKind.Sigmoid: loop.Apply<EpilogueFunctions.Plain<Functions.Sigmoid>>(tile); break;
            case ActivationKind.Tanh: loop.Apply<EpilogueFunctions.Plain<Functions.Tanh>>(tile); break;
            case ActivationKind.Silu: loop.Apply<EpilogueFunctions.Plain<Functions.Silu>>(tile); break;
            case ActivationKind.Gelu: loop.Apply<EpilogueFunctions.Plain<Functions.Gelu>>(tile); break;
            case ActivationKind.GeluTanh: loop.Apply<EpilogueFunctions.Plain<Functions.GeluTanh>>(tile); break;
        }
    }

    private readonly void Apply<TFunction>(in Tile tile)
        where TFunction : struct, IEpilogueFunction<T>
    {
        if (Vector512.IsHardwareAccelerated) Apply<TFunction, SimdVector512<T>>(tile);
        else if (Vector256.IsHardwareAccelerated) Apply<TFunction, SimdVector256<T>>(tile);
        else Apply<TFunction, SimdVector128<T>>(tile);
    }

    private readonly void Apply<TFunction, V>(in Tile tile)
        where TFunction : struct, IEpilogueFunction<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        if (IsPlain && (tile.Columns == V.Count || tile.Columns == 2 * V.Count)) ApplyToVectors<TFunction, V>(tile);
        else ApplyToRows<TFunction, V>(tile);
    }

    /// <summary>One or two columns of vectors from top to bottom: a row is too short for a loop of its own.</summary>
    private readonly void ApplyToVectors<TFunction, V>(in Tile tile)
        where TFunction : struct, IEpilogueFunction<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        var (low, high) = (V.Create(Low), V.Create(High));
        var rowBias = BiasKind == BiasKind.PerRow ? Bias + tile.Row : null;
        var hasColumnBias = BiasKind == BiasKind.PerColumn;
        nint rows = tile.Rows, fromRow = tile.FromRow, toRow = tile.CRow;
        for (var j = 0; j < tile.Columns; j += V.Count)
        {
            T* from = tile.From + j, c = tile.C + j;
            var columnBias = hasColumnBias ? Load<V>(Bias + tile.Column + j) : default;
            for (nint i = 0; i < rows; i++, from += fromRow, c += toRow)
            {
                var value = Load<V>(from);
                if (rowBias != null) value += V.Create(rowBias[i]);
                else if (hasColumnBias) value += columnBias;
                V.Store(TFunction.Invoke(value, low, high), ref *c, 0);
            }
        }
    }

    private readonly void ApplyToRows<TFunction, V>(in Tile tile)
        where TFunction : struct, IEpilogueFunction<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        var (low, high) = (V.Create(Low), V.Create(High));
        var isPlain = IsPlain;
        var hasBias = BiasKind != BiasKind.None;
        for (var i = 0; i < tile.Rows; i++)
        {
            T* from = tile.From + (i * tile.FromRow), c = tile.C + (i * tile.CRow);
            var bias = BiasKind == BiasKind.PerColumn ? Bias + tile.Column : null;
            var rowBias = V.Create(BiasKind == BiasKind.PerRow ? Bias[tile.Row + i] : T.Zero);
            var j = 0;
            if (isPlain)
            {
                for (; j <= tile.Columns - V.Count; j += V.Count)
                {
                    var value = Load<V>(from + j);
                    if (hasBias) value += bias == null ? rowBias : Load<V>(bias + j);
                    V.Store(TFunction.Invoke(value, low, high), ref *(c + j), 0);
                }
            }
            else
            {
                var residual = Residual == null ? null : Residual + ((tile.Row + i) * ResidualRow) + tile.Column;
                for (; j <= tile.Columns - V.Count; j += V.Count)
                {
                    var value = Value<TFunction, V>(Load<V>(from + j), bias == null ? rowBias : Load<V>(bias + j), residual == null ? default : Load<V>(residual + j));
                    V.Store(value, ref *(c + j), 0);
                }
            }
            if (j < tile.Columns) Rest<TFunction, V>(from + j, c + j, bias == null ? null : bias + j, rowBias, Residual == null ? null : Residual + ((tile.Row + i) * ResidualRow) + tile.Column + j, tile.Columns - j);
        }
    }

    // Apart from the loops, whose body would else be too large to be inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void Rest<TFunction, V>(T* from, T* c, T* bias, V rowBias, T* residual, int count)
        where TFunction : struct, IEpilogueFunction<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        var value = Value<TFunction, V>(Part<V>(from, count), bias == null ? rowBias : Part<V>(bias, count), residual == null ? default : Part<V>(residual, count));
        Unsafe.CopyBlockUnaligned(c, &value, (uint)(count * sizeof(T)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly V Value<TFunction, V>(V product, V bias, V residual)
        where TFunction : struct, IEpilogueFunction<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        if (Alpha != T.One) product *= V.Create(Alpha);
        if (BiasKind != BiasKind.None) product += bias;
        if (Residual != null) product += Beta == T.One ? residual : residual * V.Create(Beta);
        return TFunction.Invoke(product, V.Create(Low), V.Create(High));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load<V>(T* from)
        where V : unmanaged, ISimdVector<V, T> => V.Load(ref *from, 0);

    private static V Part<V>(T* from, int count)
        where V : unmanaged, ISimdVector<V, T>
    {
        V part = default;
        Unsafe.CopyBlockUnaligned(&part, from, (uint)(count * sizeof(T)));
        return part;
    }

    private struct Tile
    {
        public T* From;
        public nint FromRow;
        public T* C;
        public nint CRow;
        public int Rows;
        public int Columns;
        public nint Row;
        public nint Column;
    }
}
