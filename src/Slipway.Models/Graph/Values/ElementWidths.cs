namespace Slipway.Models.Graph;

/// <summary>Code that moves elements without looking at them, for elements of any type.</summary>
internal interface IElementMove
{
    void Move<T>();
}

/// <summary>Calls an <see cref="IElementMove"/> with a type of the right width: one instance of the code for every width.</summary>
internal static class ElementWidths
{
    public static void Move<TMove>(DataType element, ref TMove move) where TMove : IElementMove, allows ref struct
    {
        switch (element.Width)
        {
            case 1: move.Move<byte>(); break;
            case 2: move.Move<ushort>(); break;
            case 4: move.Move<uint>(); break;
            case 8: move.Move<ulong>(); break;
            case 16: move.Move<UInt128>(); break;
            default: move.Move<string>(); break;
        }
    }
}
