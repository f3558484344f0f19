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

    /// <summary>To pack a strip or a panel, in times that a tile takes.</summary>
    private const double PackingCost = 0.4;

    /// <summary>Of a part.</summary>
    private const double Lateness = 0.25;

    public int Count => Rows * Columns;

    /// <summary>Threads that are worth while for so many multiply-adds.</summary>
    public static int Threads(double size, int most) => (int)Math.Min(Math.Min(size / LeastPart, most), WorkerPool.Shared.Budget);

    /// <summary>
    /// The cuts for which the slowest thread is done first: each part multiplies its rows by its columns, and packs those that are not packed yet, which other parts of
    /// the same rows or columns do again.
    /// </summary>
    /// <param name="strips">Of rows.</param>
    /// <param name="panels">Of columns.</param>
    /// <param name="size">Multiply-adds of a product.</param>
    /// <param name="packsRows">Each part packs its rows.</param>
    /// <param name="packsColumns">Each part packs its columns.</param>
    /// <param name="batches">Products that are shared among the same threads.</param>
    /// <param name="threads">As <see cref="Threads"/> says.</param>
    public static GemmParts Of(int strips, int panels, double size, bool packsRows, bool packsColumns, int batches, int threads)
    {
        var best = new GemmParts(1, 1);
        if (threads <= 1 || strips == 0 || panels == 0) return best;
        var most = Math.Min(size / LeastPart, (double)threads * PartsPerThread / batches);
        var least = double.MaxValue;
        for (var rows = 1; rows <= Math.Min(strips, Math.Max(most, 1)); rows++)
        {
            for (var columns = 1; columns <= Math.Min(panels, Math.Max(most / rows, 1)); columns++)
            {
                double height = (strips + rows - 1) / rows, width = (panels + columns - 1) / columns;
                var part = (height * width) + (packsRows ? height * PackingCost : 0) + (packsColumns ? width * PackingCost : 0);
                var rounds = Math.Ceiling((double)rows * columns * batches / threads);
                // A thread that loses its core for a while holds the others up by a part.
                var time = (rounds + Lateness) * part;
                if (time >= least) continue;
                (least, best) = (time, new GemmParts(rows, columns));
            }
        }
        return best;
    }

    /// <summary>The first strip or panel of a cut.</summary>
    public static int At(int count, int part, int parts) => (int)((long)count * part / parts);
}
