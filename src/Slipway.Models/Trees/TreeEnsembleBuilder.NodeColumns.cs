using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Slipway.Models.Trees;

public sealed partial class TreeEnsembleBuilder
{
    /// <summary>All nodes, laid out: a column for each property, which grow together. See <see cref="TreeEnsemble"/> for what they hold.</summary>
    private sealed class NodeColumns
    {
        public int[] Features = [];
        public double[] Thresholds = [];
        public int[] LeftChildren = [];
        public bool[] DefaultLeft = [];
        public int[] CategorySets = [];
        public int[] Ids = [];

        public int Count { get; set; }

        /// <summary>Makes room for more nodes.</summary>
        public void Reserve(int nodes)
        {
            if (nodes <= Features.Length - Count) return;
            var capacity = Math.Max(Count + nodes, 2 * Features.Length);
            Array.Resize(ref Features, capacity);
            Array.Resize(ref Thresholds, capacity);
            Array.Resize(ref LeftChildren, capacity);
            Array.Resize(ref DefaultLeft, capacity);
            Array.Resize(ref CategorySets, capacity);
            Array.Resize(ref Ids, capacity);
        }

        /// <summary>The nodes of a column, which is empty then.</summary>
        public ImmutableArray<T> Take<T>(ref T[] column)
        {
            var items = column;
            column = [];
            if (items.Length != Count) Array.Resize(ref items, Count);
            return ImmutableCollectionsMarshal.AsImmutableArray(items);
        }
    }
}
