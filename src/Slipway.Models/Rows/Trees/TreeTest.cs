using System.Runtime.InteropServices;

namespace Slipway.Models.Rows.Trees;

/// <summary>What a <see cref="TreeTest"/> asks. Orders are all brought to <see cref="Less"/>, negations by exchanging the ways.</summary>
internal enum TreeOp : byte
{
    /// <summary>The slot's number is below the constant; NaN is above every number.</summary>
    Less,

    /// <summary>The slot's cell equals the constant.</summary>
    Equal,

    /// <summary>The slot's cell is in the set <see cref="TreeTest.Index"/>.</summary>
    In,

    /// <summary>The slot's cell is missing. Never unknown.</summary>
    Missing,

    /// <summary>The predicate <see cref="TreeTest.Index"/> holds.</summary>
    Predicate,

    /// <summary>No question: notes that a missing value was got around at the level <see cref="TreeTest.Index"/>, and goes the way of true.</summary>
    Detour,
}

/// <summary>One question of a compiled tree, and where to go with each answer: to another test (0 and up), or to an outcome (~outcome).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TreeTest
{
    public double Constant;

    public int Slot;

    /// <summary><see cref="WhenFalse"/> and <see cref="WhenTrue"/> are neighbours so that the answer can pick one by address.</summary>
    public int WhenFalse;

    public int WhenTrue;

    public int WhenUnknown;

    public int Index;

    public TreeOp Op;
}
