using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Heads of vectors as they lie in a tensor [batch, heads, sequence, size] or [batch, sequence, heads · size].</summary>
internal readonly record struct HeadLayout(int Batch, int Heads, int Sequence, int Size, bool IsPacked)
{
    /// <param name="heads">The number of heads of a tensor of rank 3.</param>
    /// <exception cref="RecordException">The tensor is neither.</exception>
    public static HeadLayout Of(TensorValue tensor, long heads)
    {
        if (tensor.Rank == 4) return new HeadLayout((int)tensor[0], (int)tensor[1], (int)tensor[2], (int)tensor[3], false);
        if (tensor.Rank != 3 || heads <= 0 || tensor[2] % heads != 0) throw new RecordException($"a tensor [batch, heads, sequence, size], or [batch, sequence, {heads} heads · size] is expected, {tensor.Type} is given");
        return new HeadLayout((int)tensor[0], (int)heads, (int)tensor[1], (int)(tensor[2] / heads), true);
    }

    /// <summary>From a vector of a head to its next.</summary>
    public int Step => IsPacked ? Heads * Size : Size;

    /// <summary>The first vector of a head.</summary>
    public int Start(int batch, int head) => IsPacked ? (batch * Sequence * Heads + head) * Size : (batch * Heads + head) * Sequence * Size;
}
