namespace Slipway.Models.Kernels;

/// <summary>C = (A − its zero points)·(B − its zero points) with every operand pinned and checked.</summary>
internal unsafe struct IntegerProblem
{
    public int M;
    public int N;
    public int K;
    public byte* A;
    public nint ARow;
    public nint AColumn;

    /// <summary>Added by exclusive or to every byte of A and its zero points: 128 makes int8 a number from 0 to 255.</summary>
    public byte Flip;

    /// <summary>Null for 0.</summary>
    public byte* AZeroPoints;

    /// <summary>1 where each row has a zero point of its own, 0 where one is for all.</summary>
    public int AZeroPointStep;

    public sbyte* B;
    public int* BSums;
    public int* BZeroPoints;
    public int* C;
    public nint CRow;

    public readonly int ZeroPointOf(int row) => (AZeroPoints == null ? (byte)0 : AZeroPoints[row * (nint)AZeroPointStep]) ^ Flip;
}
