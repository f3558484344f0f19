namespace Slipway.Models.Kernels;

/// <summary>A right operand [K, N] that is never whole in memory: blocks of its panels are written when a product comes to them, maybe by several threads at once.</summary>
/// <typeparam name="T">Of the elements.</typeparam>
internal abstract unsafe class ImplicitColumns<T>
    where T : unmanaged
{
    /// <summary>Writes a block of a panel: for each step the columns side by side. What is between the columns and the width does not matter.</summary>
    /// <param name="column">The first column.</param>
    /// <param name="columns">1 to <paramref name="width"/>.</param>
    /// <param name="width">From a step to the next in <paramref name="to"/>, in elements.</param>
    /// <param name="step">The first row.</param>
    /// <param name="steps">Rows, at least 1.</param>
    /// <param name="to">Where they go: <paramref name="steps"/> times <paramref name="width"/> elements.</param>
    public abstract void Pack(int column, int columns, int width, int step, int steps, T* to);
}
