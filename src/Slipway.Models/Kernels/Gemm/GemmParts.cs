namespace Slipway.Models.Kernels;

/// <summary>How C is cut into rectangles for threads: whole strips by whole panels. Nothing is ever added across them.</summary>
/// <param name="Rows">Cuts of the strips, 1 or more.</param>
/// <param name="Columns">Cuts of the panels, 1 or more.</param>
internal readonly record struct GemmParts(int Rows, int Columns)
{
    /// <summary>Multiply-adds that are worth a part of their own: two microseconds, twice what it takes until another thread is at work.</summary>
    private const double LeastPart = 256 << 10;

    /// <summary>Rows of A for which B comes from memory as fast as it is multiplied: fewer take no less time.</summary>
    private const int FetchRows = 4;

    /// <summary>Parts for each thread, so that one that is late holds up little.</summary>
    private const int PartsPerThread = 4;

    /// <summary>To pack a strip or a panel, in times that a tile takes.</summary>
    private const double PackingCost = 0.4;

    /// <summary>To bring a panel from memory, in times that a tile takes: more than one strip of rows hides, and not hidden at all for the first panel of a part.</summary>
    private const double FetchCost = 1.5;

    /// <summary>Of a part.</summary>
    private const double Lateness = 0.1;

    public int Count => Rows * Columns;

    /// <summary>How long a product takes, in multiply-adds.</summary>
    public static double Size(int m, int n, int k) => (double)Math.Max(m, FetchRows) * n * Math.Max(k, 1);

    /// <summary>Threads that are worth while for a <see cref="Size"/>.</summary>
    public static int Threads(double size, int most) => (int)Math.Min(Math.Min(size / LeastPart, most), WorkerPool.Shared.Budget);

    /// <summary>
    /// The cuts for which the slowest thread is done first: each part multiplies its rows by its columns, and packs those that are not packed yet, which other parts of
    /// the same rows or columns do again.
    /// </summary>
    /// <param name="strips">Of rows.</param>
    /// <param name="panels">Of columns.</param>
    /// <param name="size">The <see cref="Size"/> of a product.</param>
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
                var part = (Math.Max(height, FetchCost) * width) + FetchCost + (packsRows ? height * PackingCost : 0) + (packsColumns ? width * PackingCost : 0);
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
