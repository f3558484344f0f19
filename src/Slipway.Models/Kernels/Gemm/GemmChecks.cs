namespace Slipway.Models.Kernels;

/// <summary>What must hold before a loop over pointers starts.</summary>
internal static class GemmChecks
{
    /// <summary>A matrix of <paramref name="rows"/> by <paramref name="columns"/> with these strides lies within <paramref name="length"/> elements.</summary>
    public static void Operand(int length, int rows, int rowStride, int columns, int columnStride, string name)
    {
        if ((rows | columns | rowStride | columnStride) < 0) throw new ArgumentOutOfRangeException(name, $"[{rows}, {columns}] with strides {rowStride}, {columnStride}: none may be negative");
        if (rows == 0 || columns == 0) return;
        // Two products of 31 bits each: no overflow.
        var needed = ((long)(rows - 1) * rowStride) + ((long)(columns - 1) * columnStride) + 1;
        if (needed > length) throw new ArgumentException($"[{rows}, {columns}] with strides {rowStride}, {columnStride} needs {needed} elements, and {length} are given", name);
    }

    /// <summary>As <see cref="Operand"/>, for the result: its rows must not overlap.</summary>
    public static void Result(int length, int rows, int columns, int rowStride, string name)
    {
        Operand(length, rows, rowStride, columns, 1, name);
        Rows(rows, columns, rowStride, name);
    }

    public static void Rows(int rows, int columns, int rowStride, string name)
    {
        if (rows > 1 && rowStride < columns) throw new ArgumentException($"rows of {columns} elements every {rowStride} overlap", name);
    }

    /// <summary>As <see cref="Operand"/>, for so many matrices <paramref name="stride"/> elements apart.</summary>
    public static void Batch(int length, int batches, int stride, int rows, int rowStride, int columns, int columnStride, string name)
    {
        if ((batches | stride) < 0) throw new ArgumentOutOfRangeException(name, $"{batches} matrices, {stride} elements apart: neither may be negative");
        var skipped = (batches - 1L) * stride;
        if (batches == 0 || rows == 0 || columns == 0) return;
        if (skipped >= length) throw new ArgumentException($"{batches} matrices, {stride} elements apart, do not fit {length} elements", name);
        Operand(length - (int)skipped, rows, rowStride, columns, columnStride, name);
    }

    public static void Epilogue<T>(in GemmEpilogue<T> epilogue, int m, int n)
        where T : unmanaged
    {
        if (typeof(T) != typeof(float) && epilogue.Activation.IsFloat32Only) throw new ArgumentException($"the activation {epilogue.Activation.Kind} is of float32 only", nameof(epilogue));
        var needed = epilogue.BiasKind switch { BiasKind.PerColumn => n, BiasKind.PerRow => m, _ => 0 };
        if (epilogue.Bias.Length < needed) throw new ArgumentException($"a bias {epilogue.BiasKind} of [{m}, {n}] has {needed} values, and {epilogue.Bias.Length} are given", nameof(epilogue));
        if (!epilogue.Residual.IsEmpty) Operand(epilogue.Residual.Length, m, epilogue.ResidualRowStride, n, 1, nameof(epilogue));
    }

    public static void ZeroPoints(int length, int lanes, string name)
    {
        if (length > 1 && length != lanes) throw new ArgumentException($"{length} zero points: expected none, one, or {lanes}", name);
    }

    public static void Same(int expected, int found, string what)
    {
        if (expected != found) throw new ArgumentException($"{what}: expected {expected}, found {found}");
    }
}
