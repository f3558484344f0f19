using Slipway.Core;
using Slipway.Core.Expressions;
using Slipway.Core.Specs;

namespace Slipway.Tests.Core.Specs;

public sealed class ScalarTests
{
    public sealed record Scalars(
        string? Text = null,
        bool? Flag = null,
        int? Small = null,
        long? Whole = null,
        double? Number = null,
        decimal? Price = null,
        object? Any = null,
        Duration Pause = default,
        UnknownValue Unknown = UnknownValue.AllZero,
        UnknownValue? Nullable = UnknownValue.AllZero);

    /// <summary>YAML 1.2.2, section 10.3.2, and values of earlier YAML versions that are text in 1.2.</summary>
    [Theory]
    [InlineData("null", null)]
    [InlineData("~", null)]
    [InlineData("''", "")]
    [InlineData("true", true)]
    [InlineData("FALSE", false)]
    [InlineData("yes", "yes")]
    [InlineData("off", "off")]
    [InlineData("'true'", "true")]
    [InlineData("0", 0L)]
    [InlineData("-19", -19L)]
    [InlineData("+12", 12L)]
    [InlineData("0o7", 7L)]
    [InlineData("0x3A", 58L)]
    [InlineData("007", 7L)]
    [InlineData("1_000", "1_000")]
    [InlineData("12:30:45", "12:30:45")]
    [InlineData("0.", 0.0)]
    [InlineData("-0.0", -0.0)]
    [InlineData(".5", 0.5)]
    [InlineData("+12e03", 12000.0)]
    [InlineData("-2E+05", -200000.0)]
    [InlineData(".inf", double.PositiveInfinity)]
    [InlineData("-.Inf", double.NegativeInfinity)]
    [InlineData(".NAN", double.NaN)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", 9223372036854775808.0)]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("2026-01-01", "2026-01-01")]
    [InlineData("|\n  12", "12")]
    public void An_untyped_scalar_is_what_the_core_schema_says(string yaml, object? value) => Assert.Equal(value, Read($"any: {yaml}").Any);

    [Theory]
    [InlineData("text: 007", "007")]
    [InlineData("text: 1.10", "1.10")]
    [InlineData("text: true", "true")]
    [InlineData("text: 'null'", "null")]
    [InlineData("text: \"\\u00e9\"", "é")]
    [InlineData("text: >-\n  two\n  lines", "two lines")]
    public void A_text_field_keeps_what_is_written(string yaml, string value) => Assert.Equal(value, Read(yaml).Text);

    [Fact]
    public void Typed_scalars_read_into_their_types()
    {
        var read = Read("{ flag: true, small: -5, whole: 0xFFFFFFFFF, number: 3, price: 12.50, pause: 1.5s, unknown: refuse, nullable: refuse }");

        Assert.Equal(new Scalars(null, true, -5, 0xFFFFFFFFF, 3.0, 12.50m, null, new Duration(TimeSpan.FromSeconds(1.5)), UnknownValue.Refuse, UnknownValue.Refuse), read);
    }

    [Fact]
    public void Defaults_of_structs_and_enums_are_those_of_the_constructor() => Assert.Equal(new Scalars(), Read("{}"));

    [Fact]
    public void Null_is_given_to_nullable_fields_even_when_the_default_is_not() => Assert.Null(Read("nullable: null").Nullable);

    [Theory]
    [InlineData("flag: 'true'", "1:7: flag: expected true or false, found text 'true'")]
    [InlineData("flag: yes", "1:7: flag: expected true or false, found text 'yes'")]
    [InlineData("small: 1.5", "1:8: small: expected a whole number, found 1.5")]
    [InlineData("small: '5'", "1:8: small: expected a whole number, found text '5'")]
    [InlineData("small: 2147483648", "1:8: small: 2147483648 is out of range: expected -2147483648 to 2147483647")]
    [InlineData("whole: 9223372036854775808", "1:8: whole: expected a whole number, found 9223372036854775808")]
    [InlineData("number: 1e999", "1:9: number: 1e999 is beyond the range of a number")]
    [InlineData("any: -1e999", "1:6: any: -1e999 is beyond the range of a number")]
    [InlineData("any: [1]", "1:1: any: expected a single value, found a list")]
    [InlineData("pause: null", "1:8: pause: is empty; expected a duration")]
    [InlineData("pause: {}", "1:1: pause: expected a duration, found a mapping")]
    [InlineData("unknown: AllZero", "1:10: unknown: 'AllZero' is unknown; did you mean all-zero?")]
    [InlineData("unknown: 1", "1:10: unknown: '1' is unknown; allowed: refuse, all-zero")]
    public void A_scalar_of_another_type_is_refused(string yaml, string problem) => Assert.Equal(problem, Sample.Problems<Scalars>(yaml));

    [Fact]
    public void A_problem_shows_long_text_in_short() =>
        Assert.Equal($"1:8: small: expected a whole number, found text '{new string('x', 60)}…'", Sample.Problems<Scalars>($"small: {new string('x', 5000)}"));

    public sealed record Formula(string Text) : IParsable<Formula>
    {
        public static Formula Parse(string s, IFormatProvider? provider) =>
            throw new SpecException(null, new SpecProblem("", 1, 3, "unexpected"));

        public static bool TryParse(string? s, IFormatProvider? provider, out Formula result) => throw new NotSupportedException();
    }

    public sealed record Condition(Formula When);

    [Theory]
    [InlineData("when: a ?? b", "1:9: when: unexpected")]
    [InlineData("when: 'a ?? b'", "1:10: when: unexpected")]
    [InlineData("when: \"\\x61 ?? b\"", "1:7: when: unexpected")]
    [InlineData("when: |\n  a ?? b", "1:7: when: unexpected")]
    public void A_place_within_a_parsed_text_becomes_a_place_in_the_file(string yaml, string problem) => Assert.Equal(problem, Sample.Problems<Condition>(yaml));

    public sealed record Rule(Expression When);

    [Theory]
    [InlineData("when: prediction >", 19)]
    [InlineData("when: 'prediction >'", 20)]
    [InlineData("when: (a > 1", 13)]
    public void A_slip_in_an_expression_is_shown_where_it_is(string yaml, int column)
    {
        var problem = Assert.Single(Assert.Throws<SpecException>(() => Sample.Read<Rule>(yaml)).Problems);

        Assert.Equal(("when", 1, column), (problem.Path, problem.Line, problem.Column));
        Assert.False(problem.Message.StartsWith("column", StringComparison.Ordinal), problem.Message);
    }

    private static Scalars Read(string yaml) => Sample.Read<Scalars>(yaml).Value;
}
