using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// LinearAttention (ai.onnx 27): a matrix state [keys, values] for each head of keys, which each token changes and its queries read.
/// The state decays by exp(decay) (gated, gated_delta) and gains k ⊗ v, or beta · k ⊗ (v - what the state already has for k) (delta, gated_delta). Computed in float64.
/// </summary>
internal sealed class LinearAttention : NormalizationOperator
{
    private const int Query = 0, Key = 1, Value = 2, Past = 3, Decay = 4, Beta = 5;
    private readonly int _queryHeads;
    private readonly int _keyHeads;
    private readonly double _scale;
    private readonly bool _decays;
    private readonly bool _corrects;

    public LinearAttention(NodeInfo node)
    {
        (long queryHeads, long keyHeads) = (node.Int("q_num_heads"), node.Int("kv_num_heads"));
        if (keyHeads is <= 0 or > int.MaxValue || queryHeads is <= 0 or > int.MaxValue || queryHeads % keyHeads != 0) throw node.Wrong($"q_num_heads {queryHeads} must be a multiple of kv_num_heads {keyHeads}");
        (_queryHeads, _keyHeads) = ((int)queryHeads, (int)keyHeads);
        _scale = node.Float("scale", 0);
        (_decays, _corrects) = node.Text("update_rule", "gated_delta") switch
        {
            "linear" => (false, false),
            "gated" => (true, false),
            "delta" => (false, true),
            "gated_delta" => (true, true),
            var other => throw node.Wrong($"update_rule must be linear, gated, delta or gated_delta, it is '{other}'"),
        };
        if (_decays && !node.HasInput(Decay)) throw node.Wrong("the update rule needs the input decay");
        if (_corrects && !node.HasInput(Beta)) throw node.Wrong("the update rule needs the input beta");
    }

    public override void Infer(InferenceContext context)
    {
        var state = context.Element(context.HasInput(Past) ? Past : Query);
        if (context.Shape(Query) is { Rank: not 3 } wrong) throw new ModelException($"queries [batch, sequence, heads · size] are expected, {wrong} is given");
        if (context.Shape(Query) is not { } query || context.Shape(Value) is not { Rank: 3 } value)
        {
            context.SetOutput(0, context.Element(Query), (Shape?)null);
            context.SetOutput(1, state, (Shape?)null);
            return;
        }
        var values = value[2] >= 0 ? value[2] / _keyHeads : context.NewSymbol();
        context.SetOutput(0, context.Element(Query), query[0], query[1], values >= 0 ? values * _queryHeads : context.NewSymbol());
        context.SetOutput(1, state, query[0], _keyHeads, query[2] >= 0 ? query[2] / _queryHeads : context.NewSymbol(), values);
    }

    protected override long ComputeScratchBytes(RunContext context)
    {
        var (keys, values) = ((long)HeadLayout.Of(context.Input(Query), _queryHeads).Size, (long)HeadLayout.Of(context.Input(Value), _keyHeads).Size);
        return checked((keys * values + values) * sizeof(double));
    }

    protected override void Run<T>(RunContext context)
    {
        var queries = HeadLayout.Of(context.Input(Query), _queryHeads);
        var keys = HeadLayout.Of(context.Input(Key), _keyHeads);
        var values = HeadLayout.Of(context.Input(Value), _keyHeads);
        var (batches, steps) = (queries.Batch, queries.Sequence);
        if (keys.Size != queries.Size || keys.Batch != batches || values.Batch != batches || keys.Sequence != steps || values.Sequence != steps)
        {
            throw new RecordException($"queries {context.Input(Query).Type}, keys {context.Input(Key).Type} and values {context.Input(Value).Type} do not fit each other");
        }
        var past = context.OptionalInput(Past);
        if (past is not null && past.Count != (long)batches * _keyHeads * keys.Size * values.Size) throw new RecordException($"a state [{batches}, {_keyHeads}, {keys.Size}, {values.Size}] is expected, {past.Type} is given");
        var decay = _decays ? Gate(context.Input(Decay), batches * steps, keys.Size) : null;
        var beta = _corrects ? Gate(context.Input(Beta), batches * steps, 1) : null;
        var scratch = MemoryMarshal.Cast<byte, double>(context.Scratch);
        var state = scratch[..(keys.Size * values.Size)];
        var row = scratch.Slice(state.Length, values.Size);
        for (var batch = 0; batch < batches; batch++)
        {
            for (var head = 0; head < _keyHeads; head++)
            {
                var first = (batch * _keyHeads + head) * state.Length;
                for (var i = 0; i < state.Length; i++) state[i] = past?.NumberAt(first + i) ?? 0;
                for (var step = 0; step < steps; step++)
                {
                    var key = context.Input(Key).Values<T>().Slice(keys.Start(batch, head) + step * keys.Step, keys.Size);
                    var value = context.Input(Value).Values<T>().Slice(values.Start(batch, head) + step * values.Step, values.Size);
                    Update(state, row, key, value, decay, beta, batch * steps + step, head);
                    Read<T>(context, queries, values, batch, head, step, state, row);
                }
                if (context.HasOutput(1)) Keep(context.Output(1), first, state);
            }
        }
    }

    /// <summary>Gates of each head or of each element, or one for all heads.</summary>
    private TensorValue Gate(TensorValue gate, int tokens, int size)
    {
        if (tokens != 0 && gate.Count != (long)tokens * _keyHeads * size && gate.Count != (long)tokens * _keyHeads && gate.Count != tokens) throw new RecordException($"gates for {tokens} tokens of {_keyHeads} heads are expected, {gate.Type} is given");
        return gate;
    }

    private void Update<T>(Span<double> state, Span<double> row, ReadOnlySpan<T> key, ReadOnlySpan<T> value, TensorValue? decay, TensorValue? beta, int token, int head) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var size = value.Length;
        if (decay is not null)
        {
            var perToken = (int)(decay[decay.Rank - 1]);
            for (var k = 0; k < key.Length; k++)
            {
                var at = perToken == 1 ? 0 : perToken == _keyHeads ? head : head * key.Length + k;
                var factor = Math.Exp(decay.NumberAt(token * perToken + at));
                foreach (ref var element in state.Slice(k * size, size)) element *= factor;
            }
        }
        for (var v = 0; v < size; v++) row[v] = double.CreateTruncating(value[v]);
        if (beta is not null)
        {
            for (var k = 0; k < key.Length; k++)
            {
                var weight = double.CreateTruncating(key[k]);
                for (var v = 0; v < size; v++) row[v] -= weight * state[k * size + v];
            }
            var perToken = (int)beta[beta.Rank - 1];
            var rate = beta.NumberAt(token * perToken + (perToken == 1 ? 0 : head));
            foreach (ref var element in row) element *= rate;
        }
        for (var k = 0; k < key.Length; k++)
        {
            var weight = double.CreateTruncating(key[k]);
            for (var v = 0; v < size; v++) state[k * size + v] += weight * row[v];
        }
    }

    private void Read<T>(RunContext context, HeadLayout queries, HeadLayout values, int batch, int head, int step, ReadOnlySpan<double> state, Span<double> row) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!context.HasOutput(0)) return;
        var group = _queryHeads / _keyHeads;
        var result = queries with { Size = values.Size };
        var scale = _scale != 0 ? _scale : 1 / Math.Sqrt(queries.Size);
        for (var reader = head * group; reader < (head + 1) * group; reader++)
        {
            var query = context.Input(Query).Values<T>().Slice(queries.Start(batch, reader) + step * queries.Step, queries.Size);
            row.Clear();
            for (var k = 0; k < query.Length; k++)
            {
                var weight = double.CreateTruncating(query[k]);
                for (var v = 0; v < row.Length; v++) row[v] += weight * state[k * row.Length + v];
            }
            var y = context.Output(0).Values<T>().Slice(result.Start(batch, reader) + step * result.Step, values.Size);
            for (var v = 0; v < row.Length; v++) y[v] = T.CreateTruncating(scale * row[v]);
        }
    }

    private static void Keep(TensorValue target, int first, ReadOnlySpan<double> state)
    {
        if (target.Element == DataType.Float32)
        {
            var singles = target.Values<float>().Slice(first, state.Length);
            for (var i = 0; i < state.Length; i++) singles[i] = (float)state[i];
        }
        else
        {
            state.CopyTo(target.Values<double>()[first..]);
        }
    }
}
