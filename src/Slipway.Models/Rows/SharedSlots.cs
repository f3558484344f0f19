namespace Slipway.Models.Rows;

/// <summary>Slots that many models write one after the other, when whoever reads them reads before the next writes: a forest's rows stay short.</summary>
internal sealed class SharedSlots(ProgramBuilder program)
{
    private int _first;
    private int _count;

    /// <returns>The first of at least <paramref name="count"/> neighbouring slots.</returns>
    public int Take(int count)
    {
        if (count > _count) (_first, _count) = (program.Slots(count), count);
        return _first;
    }
}
