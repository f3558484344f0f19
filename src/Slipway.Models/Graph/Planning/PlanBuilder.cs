using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Makes plans (stage <i>plan</i>).</summary>
internal static class PlanBuilder
{
    /// <summary>Shapes are computed while planning; tensors of more elements are left for the run.</summary>
    private const int FoldLimit = 1024;

    /// <param name="memory">Counts what the values take.</param>
    /// <param name="keepAll">Gives every value memory of its own, so that all can be looked at after the run.</param>
    /// <exception cref="RecordException">Inputs of these types do not fit the graph.</exception>
    public static Plan Build(BoundGraph graph, GraphType[] inputTypes, SymbolSource symbols, GraphOptions options, RunMemory memory, bool keepAll = false)
    {
        var values = graph.Values.ToBuilder();
        for (var i = 0; i < inputTypes.Length; i++) values[graph.Inputs[i]] = values[graph.Inputs[i]] with { Type = inputTypes[i] };
        var inference = new GraphInference(graph with { Values = values.ToImmutable() }, symbols, FoldLimit);
        try
        {
            inference.Run();
        }
        catch (ModelException e)
        {
            throw new RecordException(e.Message, e);
        }
        return new Layout(graph, inference, symbols, options, memory, keepAll).Build(inputTypes);
    }

    private sealed class Layout
    {
        private readonly BoundGraph _graph;
        private readonly GraphInference _inference;
        private readonly SymbolSource _symbols;
        private readonly GraphOptions _options;
        private readonly RunMemory _memory;
        private readonly bool _keepAll;
        private readonly Value?[] _slots;
        private readonly TensorValue?[] _own;
        private readonly int[] _root;
        private readonly long[] _offset;
        private readonly int[] _firstUse;
        private readonly int[] _lastUse;
        private readonly List<BoundNode> _nodes = [];

        public Layout(BoundGraph graph, GraphInference inference, SymbolSource symbols, GraphOptions options, RunMemory memory, bool keepAll)
        {
            (_graph, _inference, _symbols, _options, _memory, _keepAll) = (graph, inference, symbols, options, memory, keepAll);
            _slots = [.. inference.Constants];
            _own = new TensorValue?[_slots.Length];
            _root = new int[_slots.Length];
            _offset = new long[_slots.Length];
            _firstUse = new int[_slots.Length];
            _lastUse = new int[_slots.Length];
            for (var i = 0; i < _root.Length; i++) _root[i] = i;
            foreach (var input in graph.Inputs)
            {
                // Until the first run, something that has the input's shape.
                if (inference.Types[input] is not TensorType { Shape: { } shape } type) continue;
                var declared = new TensorValue(type.Element);
                declared.Declare(type.Element, shape.Span);
                _slots[input] = declared;
            }
        }

        public Plan Build(GraphType[] inputTypes)
        {
            CollectNeeded();
            var kinds = new StepKind[_nodes.Count];
            for (var s = 0; s < kinds.Length; s++)
            {
                var node = _nodes[s];
                kinds[s] = KindOf(node);
                foreach (var output in node.Outputs)
                {
                    if (output < 0) continue;
                    if (_inference.Types[output] is not TensorType { Shape: { IsConcrete: true } shape } type) continue;
                    var declared = new TensorValue(type.Element);
                    declared.Declare(type.Element, shape.Span);
                    _slots[output] = declared;
                    // A dynamic node's own tensor comes with the run; until then those that are planned after it see the shape.
                    if (kinds[s] != StepKind.Dynamic) _own[output] = declared;
                }
            }
            Array.Fill(_firstUse, -1);
            Array.Fill(_lastUse, -1);
            for (var s = 0; s < kinds.Length; s++)
            {
                var node = _nodes[s];
                if (kinds[s] == StepKind.Alias) _root[node.Outputs[0]] = _root[node.Inputs[node.Operator.AliasedInput]];
                foreach (var input in node.Inputs)
                {
                    if (input >= 0) _lastUse[_root[input]] = s;
                }
                foreach (var output in node.Outputs)
                {
                    if (output < 0 || _root[output] != output) continue;
                    (_firstUse[output], _lastUse[output]) = (s, s);
                }
            }
            foreach (var output in _graph.Outputs) _lastUse[_root[output]] = int.MaxValue;
            if (_keepAll) Array.Fill(_lastUse, int.MaxValue);
            var contexts = new RunContext[kinds.Length];
            for (var s = 0; s < kinds.Length; s++)
            {
                contexts[s] = new RunContext(_slots, [.. _nodes[s].Inputs], [.. _nodes[s].Outputs]) { Threads = _options.Threads, Memory = _memory };
                if (kinds[s] == StepKind.Static && !_keepAll) PlaceParts(s, contexts[s]);
            }
            for (var s = 0; s < kinds.Length; s++)
            {
                if (kinds[s] == StepKind.Static) Overwrite(s);
            }
            var arena = Lend(kinds, contexts);
            var steps = new Step[kinds.Length];
            for (var s = 0; s < steps.Length; s++)
            {
                steps[s] = new Step(_nodes[s], kinds[s], contexts[s], kinds[s] == StepKind.Dynamic ? new DynamicInference(_nodes[s], _slots, _own, _inference.Types, _symbols, _memory) : null);
            }
            return new Plan(_graph, inputTypes, _slots, steps, arena, _memory);
        }

        /// <summary>The nodes that outputs depend on and whose results are not known yet.</summary>
        private void CollectNeeded()
        {
            var needed = new bool[_slots.Length];
            foreach (var output in _graph.Outputs) needed[output] = true;
            for (var n = _graph.Nodes.Length - 1; n >= 0; n--)
            {
                var node = _graph.Nodes[n];
                if (!_keepAll && !node.Outputs.Any(o => o >= 0 && needed[o] && _inference.Constants[o] is null)) continue;
                if (_keepAll && node.Outputs.All(o => o < 0 || _inference.Constants[o] is not null)) continue;
                _nodes.Add(node);
                foreach (var input in node.Inputs)
                {
                    if (input >= 0) needed[input] = true;
                }
            }
            _nodes.Reverse();
        }

        private StepKind KindOf(BoundNode node)
        {
            foreach (var output in node.Outputs)
            {
                if (output >= 0 && _inference.Types[output] is not TensorType { Shape.IsConcrete: true }) return StepKind.Dynamic;
            }
            foreach (var input in node.Inputs)
            {
                if (input >= 0 && _inference.Types[input] is not TensorType { Shape.IsConcrete: true }) return StepKind.Dynamic;
            }
            var aliased = node.Operator.AliasedInput;
            return aliased >= 0 && node.Outputs.Length > 0 && node.Outputs[0] >= 0 && node.Outputs.Count(o => o >= 0) == 1 && node.Inputs[aliased] >= 0 ? StepKind.Alias : StepKind.Static;
        }

        /// <summary>Lets what a node joins be computed where it is joined, and what it cuts apart stay where it is.</summary>
        private void PlaceParts(int step, RunContext context)
        {
            var node = _nodes[step];
            if (node.Outputs.Length > 0 && node.Outputs[0] >= 0 && _own[node.Outputs[0]] is { Count: > 0 } joined)
            {
                for (var i = 0; i < node.Inputs.Length; i++)
                {
                    if (node.Inputs[i] >= 0 && _own[node.Inputs[i]] is { Count: > 0 } part && node.Operator.PlaceOfInput(context, i) is >= 0 and var start) Place(_root[node.Inputs[i]], part, node.Outputs[0], start * joined.Element.Width);
                }
            }
            if (node.Inputs.Length == 0 || node.Inputs[0] < 0 || _own[node.Inputs[0]] is not { Count: > 0 } whole) return;
            for (var o = 0; o < node.Outputs.Length; o++)
            {
                if (node.Outputs[o] >= 0 && _own[node.Outputs[o]] is { Count: > 0 } part && node.Operator.PlaceOfOutput(context, o) is >= 0 and var start) Place(node.Outputs[o], part, node.Inputs[0], start * whole.Element.Width);
            }
        }

        /// <summary>Moves memory that is only a part's, with all that lies in it, into that of the whole; nothing when it cannot lie there.</summary>
        private void Place(int root, TensorValue part, int whole, long bytes)
        {
            var host = _root[whole];
            var at = _offset[whole] + bytes;
            if (root == host || _root[root] != root || _firstUse[root] < 0 || _firstUse[host] < 0 || _own[root] is not { } memory || _own[host] is null || part.Element == DataType.String
                || memory.Element == DataType.String || Bytes(memory) != Bytes(part) || at % AlignedMemory.Alignment != 0) return;
            for (var v = 0; v < _root.Length; v++)
            {
                if (_root[v] != root) continue;
                _root[v] = host;
                _offset[v] += at;
            }
            _firstUse[host] = Math.Min(_firstUse[host], _firstUse[root]);
            _lastUse[host] = Math.Max(_lastUse[host], _lastUse[root]);
        }

        /// <summary>Lets the first output take the place of an input that nobody reads afterwards.</summary>
        private void Overwrite(int step)
        {
            var node = _nodes[step];
            if (node.Outputs.Length == 0 || node.Outputs[0] < 0 || _own[node.Outputs[0]] is not { } output || _root[node.Outputs[0]] != node.Outputs[0] || output.Element == DataType.String) return;
            for (var i = 0; i < node.Inputs.Length; i++)
            {
                if (node.Inputs[i] < 0 || !node.Operator.CanOverwrite(i)) continue;
                var root = _root[node.Inputs[i]];
                if (_firstUse[root] < 0 || _lastUse[root] != step || _own[root] is not { } input || Bytes(input) != Bytes(output) || _own[node.Inputs[i]] is not { } seen || Bytes(seen) != Bytes(input) || node.Inputs.Count(o => o >= 0 && _root[o] == root) > 1) continue;
                var from = node.Outputs[0];
                for (var v = 0; v < _root.Length; v++)
                {
                    if (_root[v] == from) _root[v] = root;
                }
                _lastUse[root] = _lastUse[from];
                return;
            }
        }

        private long Lend(StepKind[] kinds, RunContext[] contexts)
        {
            var blocks = new List<Block>();
            var blockOf = new int[_slots.Length];
            Array.Fill(blockOf, -1);
            for (var v = 0; v < _slots.Length; v++)
            {
                if (_root[v] != v || _firstUse[v] < 0 || _own[v] is not { } tensor || tensor.Element == DataType.String) continue;
                blockOf[v] = blocks.Count;
                blocks.Add(new Block(Bytes(tensor), _firstUse[v], _lastUse[v]));
            }
            var scratch = new int[kinds.Length];
            for (var s = 0; s < kinds.Length; s++)
            {
                scratch[s] = -1;
                if (kinds[s] != StepKind.Static || _nodes[s].Operator.ScratchBytes(contexts[s]) is not (> 0 and var bytes)) continue;
                scratch[s] = blocks.Count;
                blocks.Add(new Block(bytes, s, s));
            }
            var offsets = ArenaLayout.Place(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(blocks), out var size);
            _memory.Grow(0, size);
            if (size > int.MaxValue - AlignedMemory.Alignment) return LendSingly(blocks, blockOf, scratch, contexts, size);
            var arena = size > 0 ? AlignedMemory.Allocate(size) : default;
            Memory<byte> Place(int block) => arena.Slice((int)offsets[block], (int)blocks[block].Bytes);
            Lend(blockOf, scratch, contexts, Place);
            return size;
        }

        /// <summary>More memory than one array holds: every block gets its own.</summary>
        private long LendSingly(List<Block> blocks, int[] blockOf, int[] scratch, RunContext[] contexts, long size)
        {
            Lend(blockOf, scratch, contexts, block => AlignedMemory.Allocate(blocks[block].Bytes));
            return size;
        }

        private void Lend(int[] blockOf, int[] scratch, RunContext[] contexts, Func<int, Memory<byte>> place)
        {
            var places = new Dictionary<int, Memory<byte>>();
            for (var v = 0; v < _slots.Length; v++)
            {
                var block = blockOf[_root[v]];
                if (block < 0 || _own[v] is not { } tensor) continue;
                if (!places.TryGetValue(block, out var memory)) places[block] = memory = place(block);
                tensor.Lend(memory.Slice((int)_offset[v], (int)Bytes(tensor)));
            }
            for (var s = 0; s < scratch.Length; s++)
            {
                if (scratch[s] >= 0) contexts[s].ScratchMemory = place(scratch[s]);
            }
        }

        private static long Bytes(TensorValue tensor) => (long)tensor.Count * tensor.Element.Width;
    }
}
