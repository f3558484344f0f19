namespace Slipway.Models.Kernels;

/// <summary>How C is cut into rectangles for threads: whole strips by whole panels. Nothing is ever added across them.</summary>
/// <param name="Rows">Cuts of the strips, 1 or more.</param>
/// <param name="Columns">Cuts of the panels, 1 or more.</param>
internal readonly record struct GemmParts(int Rows, int Columns)
{
    /// <summary>Multiply-adds that are worth a part of their own.</summary>
    private const double LeastPart = 64 << 10;

    /// <summary>Parts for each thread, so that one that is late holds up little.</summary>
    private const int PartsPerThread = 4;

    public int Count => Rows * Columns;

    /// <summary>Threads that are worth while for so many multiply-adds.</summary>
    public static int Threads(double size, int most) => (int)Math.Min(Math.Min(size / LeastPart, most), WorkerPool.Shared.Budget);

    /// <param name="strips">Of rows.</param>
    /// <param name="panels">Of columns.</param>
    /// <param name="size">Multiply-adds of a product.</param>
    /// <param name="batches">Products that are shared among the same threads.</param>
    /// <param name="threads">As <see cref="Threads"/> says.</param>
    public static GemmParts Of(int strips, int panels, double size, int batches, int threads)
    {
        if (threads <= 1 || strips == 0 || panels == 0) return new GemmParts(1, 1);
        var parts = (int)Math.Clamp(Math.Min(size / LeastPart, Math.Ceiling((double)threads * PartsPerThread / batches)), 1, 1 << 10);
        if (strips >= parts || strips >= panels)
        {
            var rows = Math.Min(parts, strips);
            return new GemmParts(rows, Math.Min((parts + rows - 1) / rows, panels));
        }
        var columns = Math.Min(parts, panels);
        return new GemmParts(Math.Min((parts + columns - 1) / columns, strips), columns);
    }

    /// <summary>The first strip or panel of a cut.</summary>
    public static int At(int count, int part, int parts) => (int)((long)count * part / parts);
}
