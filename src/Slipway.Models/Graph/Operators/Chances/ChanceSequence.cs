namespace Slipway.Models.Graph;

/// <summary>
/// Random numbers of one node: SplitMix64 (Steele, Lea, Flood 2014) from the node's <c>seed</c>, or without one from the name of its output. Every run has the same numbers.
/// </summary>
internal struct ChanceSequence(ulong seed)
{
    private ulong _state = seed;

    public static ulong SeedOf(NodeInfo node)
    {
        if (node.Has("seed")) return node.Operator == "Dropout" ? (ulong)node.Int("seed") : BitConverter.SingleToUInt32Bits(node.Float("seed"));
        var hash = 14695981039346656037;
        foreach (var letter in node.OutputCount > 0 ? node.Definition.Outputs[0] : "") hash = (hash ^ letter) * 1099511628211;
        return hash;
    }

    /// <summary>Evenly from [0, 1).</summary>
    public double Uniform()
    {
        _state += 0x9e3779b97f4a7c15;
        var z = _state;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return ((z ^ z >> 31) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>From the normal distribution of mean 0 and deviation 1 (Box and Muller 1958).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());
}
