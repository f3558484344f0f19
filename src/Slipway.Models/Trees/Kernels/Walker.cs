using System.Runtime.CompilerServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>Eight walks side by side.</summary>
internal static class Walker<TForm>
    where TForm : INodeForm
{
    public const int Walks = 8;

    /// <summary>Deeper trees are unbalanced: after this many steps it is asked whether all walks have ended.</summary>
    private const int StepsBetweenChecks = 8;

    /// <summary>One row through eight trees.</summary>
    /// <param name="starts">Where each walk begins.</param>
    /// <param name="leaves">Receives the bounds of the leaves.</param>
    [SkipLocalsInit]
    public static unsafe void WalkTrees(CompactNode* nodes, int* starts, int* keys, int depth, int* leaves)
    {
        var reached = stackalloc CompactNode*[Walks];
        WalkTrees(nodes, starts, keys, depth, reached);
        for (var i = 0; i < Walks; i++) leaves[i] = reached[i]->Bound;
    }

    /// <summary>One row through eight trees.</summary>
    /// <param name="starts">Where each walk begins.</param>
    /// <param name="reached">Receives the leaves.</param>
    public static unsafe void WalkTrees(CompactNode* nodes, int* starts, int* keys, int depth, CompactNode** reached)
    {
        CompactNode* a = nodes + starts[0], b = nodes + starts[1], c = nodes + starts[2], d = nodes + starts[3];
        CompactNode* e = nodes + starts[4], f = nodes + starts[5], g = nodes + starts[6], h = nodes + starts[7];
        while (depth > 0)
        {
            for (var steps = Math.Min(depth, StepsBetweenChecks); steps > 0; steps--)
            {
                a = Next(a, keys);
                b = Next(b, keys);
                c = Next(c, keys);
                d = Next(d, keys);
                e = Next(e, keys);
                f = Next(f, keys);
                g = Next(g, keys);
                h = Next(h, keys);
            }
            depth -= StepsBetweenChecks;
            if ((TForm.Step(a) | TForm.Step(b) | TForm.Step(c) | TForm.Step(d) | TForm.Step(e) | TForm.Step(f) | TForm.Step(g) | TForm.Step(h)) == 0) break;
        }
        reached[0] = a;
        reached[1] = b;
        reached[2] = c;
        reached[3] = d;
        reached[4] = e;
        reached[5] = f;
        reached[6] = g;
        reached[7] = h;
    }

    /// <summary>Eight rows of a block through one tree.</summary>
    /// <param name="leaves">Receives the bounds of the leaves.</param>
    public static unsafe void WalkRows(CompactNode* root, int* keys, int depth, int* leaves)
    {
        CompactNode* a = root, b = root, c = root, d = root, e = root, f = root, g = root, h = root;
        while (depth > 0)
        {
            for (var steps = Math.Min(depth, StepsBetweenChecks); steps > 0; steps--)
            {
                a = NextInBlock(a, keys);
                b = NextInBlock(b, keys + 1);
                c = NextInBlock(c, keys + 2);
                d = NextInBlock(d, keys + 3);
                e = NextInBlock(e, keys + 4);
                f = NextInBlock(f, keys + 5);
                g = NextInBlock(g, keys + 6);
                h = NextInBlock(h, keys + 7);
            }
            depth -= StepsBetweenChecks;
            if ((TForm.Step(a) | TForm.Step(b) | TForm.Step(c) | TForm.Step(d) | TForm.Step(e) | TForm.Step(f) | TForm.Step(g) | TForm.Step(h)) == 0) break;
        }
        leaves[0] = a->Bound;
        leaves[1] = b->Bound;
        leaves[2] = c->Bound;
        leaves[3] = d->Bound;
        leaves[4] = e->Bound;
        leaves[5] = f->Bound;
        leaves[6] = g->Bound;
        leaves[7] = h->Bound;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe CompactNode* Next(CompactNode* node, int* keys) => node + TForm.Step(node) + TForm.GoesRight(keys[TForm.Slot(node)], node->Bound);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe CompactNode* NextInBlock(CompactNode* node, int* keys) =>
        node + TForm.Step(node) + TForm.GoesRight(keys[TForm.Slot(node) << KeyBlock.Shift], node->Bound);
}
