namespace Slipway.Models.Kernels;

/// <summary>The two types of small integers.</summary>
internal static class IntegerSign
{
    /// <summary>True for <see cref="sbyte"/>, false for <see cref="byte"/>.</summary>
    /// <exception cref="NotSupportedException">Any other type.</exception>
    public static bool IsSigned<T>() => typeof(T) == typeof(sbyte) || (typeof(T) == typeof(byte) ? false : throw new NotSupportedException($"matrices of small integers are of sbyte or byte, not {typeof(T).Name}"));
}
