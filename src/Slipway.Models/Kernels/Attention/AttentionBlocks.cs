namespace Slipway.Models.Kernels;

/// <summary>The blocks of queries of an attention, all heads of all sequences one after another, in parts of which each has its own scratch. Bounds were checked by <see cref="Attention"/>.</summary>
internal unsafe struct AttentionBlocks : IParallelWork
{
    public int Parts;
    public AttentionShape Shape;
    public AttentionOptions Options;
    public int Rows;
    public float* Query;
    public float* Key;
    public float* Value;
    public float* Mask;
    public float* Result;
    public float* Scratch;
    public int QueryLength;
    public int KeyLength;
    public int ValueLength;
    public int ResultLength;

    private readonly int BlocksPerHead => (Shape.Queries + Rows - 1) / Rows;

    public readonly long Count => (long)Shape.Batch * Shape.QueryHeads * BlocksPerHead;

    public readonly void Run(int part)
    {
        long first = Count * part / Parts, end = Count * (part + 1) / Parts;
        var scores = new Span<float>(Scratch + ((long)part * Rows * Shape.Keys), Rows * Shape.Keys);
        for (var at = first; at < end; at++)
        {
            var (head, block) = Math.DivRem(at, BlocksPerHead);
            var row = (int)block * Rows;
            RunBlock((int)(head / Shape.QueryHeads), (int)(head % Shape.QueryHeads), row, Math.Min(Rows, Shape.Queries - row), scores);
        }
    }

    private readonly void RunBlock(int sequence, int head, int row, int rows, Span<float> scratch)
    {
        var keyHead = head / (Shape.QueryHeads / Shape.KeyHeads);
        var result = new Span<float>(Result, ResultLength)[(int)Start(Shape.Result, sequence, head, row)..];
        // Of a causal attention only the keys that the block's last query sees are looked at.
        var keys = Options.IsCausal ? (int)Math.Clamp((long)row + rows + Options.CausalOffset, 0, Shape.Keys) : Shape.Keys;
        if (keys == 0)
        {
            for (var i = 0; i < rows; i++) result.Slice(i * Shape.Result.Row, Shape.ValueSize).Fill(Shape.Keys == 0 || !Options.HiddenIsNaN ? 0 : float.NaN);
            return;
        }
        var scores = scratch[..(rows * keys)];
        var query = new ReadOnlySpan<float>(Query, QueryLength)[(int)Start(Shape.Query, sequence, head, row)..];
        var key = new ReadOnlySpan<float>(Key, KeyLength)[(int)Start(Shape.Key, sequence, keyHead, 0)..];
        Gemm.Run(rows, keys, Shape.HeadSize, query, Shape.Query.Row, 1, key, 1, Shape.Key.Row, scores, keys, new GemmEpilogue<float> { Alpha = Options.Scale }, threads: 1);
        if (Options.Cap != 0 && !Options.CapAfterMask) Cap(scores);
        if (Mask != null) AddMask(scores, sequence, head, row, rows, keys);
        if (Options.Cap != 0 && Options.CapAfterMask) Cap(scores);
        if (Options.IsCausal) HideLaterKeys(scores, row, rows, keys);
        if (Options.HiddenIsNaN || (Mask == null && !Options.IsCausal)) Softmax.Run(scores, scores, rows, keys, 1);
        else AttentionWeights.Run(scores, rows, keys);
        var value = new ReadOnlySpan<float>(Value, ValueLength)[(int)Start(Shape.Value, sequence, keyHead, 0)..];
        Gemm.Run(rows, Shape.ValueSize, keys, scores, keys, 1, value, Shape.Value.Row, 1, result, Shape.Result.Row, default, threads: 1);
    }

    private static long Start(RowStrides strides, int sequence, int head, int row) => ((long)sequence * strides.Batch) + ((long)head * strides.Head) + ((long)row * strides.Row);

    private readonly void Cap(Span<float> scores)
    {
        for (var i = 0; i < scores.Length; i++) scores[i] /= Options.Cap;
        VectorMath.Tanh(scores, scores);
        for (var i = 0; i < scores.Length; i++) scores[i] *= Options.Cap;
    }

    private readonly void AddMask(Span<float> scores, int sequence, int head, int row, int rows, int keys)
    {
        for (var i = 0; i < rows; i++)
        {
            var mask = new ReadOnlySpan<float>(Mask + Start(Shape.Mask, sequence, head, row + i), keys);
            BinaryLoops.Run<NumberOperations.Add, float>(scores.Slice(i * keys, keys), mask, scores.Slice(i * keys, keys));
        }
    }

    private readonly void HideLaterKeys(Span<float> scores, int row, int rows, int keys)
    {
        for (var i = 0; i < rows; i++)
        {
            var seen = (int)Math.Clamp((long)row + i + Options.CausalOffset + 1, 0, keys);
            scores.Slice((i * keys) + seen, keys - seen).Fill(float.NegativeInfinity);
        }
    }
}
