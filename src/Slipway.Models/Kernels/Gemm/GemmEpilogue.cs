namespace Slipway.Models.Kernels;

/// <summary>How a bias runs along C [M, N].</summary>
internal enum BiasKind
{
    None,

    /// <summary>N values: one for each column, as of a dense layer.</summary>
    PerColumn,

    /// <summary>M values: one for each row, as of a convolution whose weights are the left operand.</summary>
    PerRow,
}

/// <summary>
/// What happens to each element of a product before it is left: <c>activation(alpha·ab + bias + beta·residual)</c>, every operation rounded, in this order. What is
/// not given costs nothing.
/// </summary>
internal readonly ref struct GemmEpilogue<T>
    where T : unmanaged
{
    /// <summary>Factor of the product; null for 1.</summary>
    public T? Alpha { get; init; }

    public ReadOnlySpan<T> Bias { get; init; }

    public BiasKind BiasKind { get; init; }

    /// <summary>Another [M, N] operand, added. Must not overlap C.</summary>
    public ReadOnlySpan<T> Residual { get; init; }

    /// <summary>From a row of the residual to the next, in elements.</summary>
    public int ResidualRowStride { get; init; }

    /// <summary>Factor of the residual; null for 1.</summary>
    public T? Beta { get; init; }

    public Activation Activation { get; init; }

    /// <summary>A bias for each column and an activation.</summary>
    public static GemmEpilogue<T> PerColumn(ReadOnlySpan<T> bias, Activation activation = default) => new() { Bias = bias, BiasKind = BiasKind.PerColumn, Activation = activation };

    /// <summary>A bias for each row and an activation.</summary>
    public static GemmEpilogue<T> PerRow(ReadOnlySpan<T> bias, Activation activation = default) => new() { Bias = bias, BiasKind = BiasKind.PerRow, Activation = activation };
}
