using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>RemovePadding: the tokens of [batch, sequence, hidden] that count, as [tokens, hidden]; where they and then the others stood, sums of counts, and the largest count.</summary>
internal sealed class RemovePadding : Operator
{
    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { Rank: not 3 } shape) throw new ModelException($"a tensor [batch, sequence, hidden] is expected, {shape} is given");
        var (batch, sequence, hidden) = context.Shape(0) is { } x ? (x[0], x[1], x[2]) : (context.NewSymbol(), context.NewSymbol(), context.NewSymbol());
        context.SetOutput(0, context.Element(0), context.NewSymbol(), hidden);
        context.SetOutput(1, DataType.Int32, batch, sequence);
        context.SetOutput(2, DataType.Int32, batch >= 0 ? batch + 1 : context.NewSymbol());
        context.SetOutput(3, DataType.Int32, 1);
    }

    public override void Run(RunContext context)
    {
        var x = context.Input(0);
        var counts = context.Input(1).Values<int>();
        var batch = (int)x[0];
        var sequence = (int)x[1];
        if (counts.Length != batch) throw new RecordException($"{counts.Length} counts of tokens are given for a batch of {batch}");
        var total = 0;
        foreach (var count in counts)
        {
            if (count < 0 || count > sequence) throw new RecordException($"{count} tokens are said to count of {sequence}");
            total += count;
        }
        var offsets = context.HasOutput(1) ? context.Output(1).Values<int>() : [];
        var y = context.Allocate(0, x.Element, total, x[2]);
        var width = (int)x[2] * x.Element.Width;
        var (kept, left, longest) = (0, total, 0);
        var sums = context.HasOutput(2) ? context.Output(2).Values<int>() : [];
        if (!sums.IsEmpty) sums[0] = 0;
        for (var row = 0; row < batch; row++)
        {
            var count = counts[row];
            x.Bytes.Slice(row * sequence * width, count * width).CopyTo(y.Bytes[(kept * width)..]);
            for (var i = 0; i < sequence && !offsets.IsEmpty; i++) offsets[i < count ? kept + i : left + i - count] = (row * sequence) + i;
            kept += count;
            left += sequence - count;
            longest = Math.Max(longest, count);
            if (!sums.IsEmpty) sums[row + 1] = kept;
        }
        if (context.HasOutput(3)) context.Output(3).Values<int>()[0] = longest;
    }
}

/// <summary>RestorePadding: tokens [tokens, hidden] to their places [batch, sequence] of <see cref="RemovePadding"/>, zeros elsewhere.</summary>
internal sealed class RestorePadding : Operator
{
    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { Rank: not 2 } tokens) throw new ModelException($"tokens [tokens, hidden] are expected, {tokens} is given");
        if (context.Shape(1) is { Rank: not 2 } places) throw new ModelException($"places [batch, sequence] are expected, {places} is given");
        var (batch, sequence) = context.Shape(1) is { } of ? (of[0], of[1]) : (context.NewSymbol(), context.NewSymbol());
        context.SetOutput(0, context.Element(0), batch, sequence, context.Shape(0)?[1] ?? context.NewSymbol());
    }

    public override void Run(RunContext context)
    {
        var x = context.Input(0);
        var y = context.Output(0);
        var places = context.Input(1).Values<int>();
        if (x[0] > places.Length) throw new RecordException($"{x[0]} tokens are given for {places.Length} places");
        var width = (int)x[1] * x.Element.Width;
        y.Bytes.Clear();
        for (var i = 0; i < (int)x[0]; i++)
        {
            var place = places[i];
            if ((uint)place >= (uint)places.Length) throw new RecordException($"token {i} belongs to place {place} of {places.Length}");
            x.Bytes.Slice(i * width, width).CopyTo(y.Bytes[(place * width)..]);
        }
    }
}
