using Slipway.Core.Specs;

namespace Slipway.Tests.Core.Specs;

public sealed class SpecReferenceTests
{
    [Fact]
    public void A_record_and_all_it_leads_to_are_described() => Assert.Equal(
        """
        ## action

        One action.

        | field | type | default | meaning |
        |---|---|---|---|
        | `when` | text |  | Only rows for which this holds. |
        | `http` or `log` | [sink](#sink) | required |  |

        ## sink

        One of [http](#sink-http), [log](#sink-log).

        ### sink: http

        Posts each answer.

        | field | type | default | meaning |
        |---|---|---|---|
        | `url` | text | required | Where to. |
        | `token` | secret: `${env:NAME}` or `${file:PATH}` |  | Sent as Authorization. |
        | `headers` | mapping of names to text |  | More headers. |
        | `retry` | [retry](#retry) |  | What to do when it fails. |

        ### sink: log

        Writes each answer to the log.

        | field | type | default | meaning |
        |---|---|---|---|
        | `level` | text | `info` | How loud. |

        Its bare name is enough.

        ## retry

        How often to try.

        | field | type | default | meaning |
        |---|---|---|---|
        | `attempts` | whole number | `3` | Tries in all. |
        | `pause` | duration |  | The first pause. |

        ## Values

        **duration**: A length of time: 250ms, 30s, 5m, 1h, 90d, 2w; fractions allowed.

        """.ReplaceLineEndings("\n"), SpecReference.Markdown(typeof(ActionSpec), Sample.Catalog));

    [Fact]
    public void Components_show_their_bodies_choices_and_examples() => Assert.Equal(
        """
        ## step

        One of [fill-missing](#step-fill-missing), [one-hot](#step-one-hot), [select](#step-select), [clip](#step-clip).

        ### step: fill-missing

        Puts a value where none is.

        Its value: mapping of names to any single value. Column → value.

        ### step: one-hot

        One column a value.

        | field | type | default | meaning |
        |---|---|---|---|
        | `column` | text | required | The column. |
        | `values` | list of any single value | required | Its values. |
        | `unknown` | `refuse` or `all-zero` | `refuse` | What an unlisted value does. `refuse`: The row is bad. `all-zero`: Zero in every column. |

        ### step: select

        Keeps columns.

        Its value: list of text. The columns, in order.

        ### step: clip

        Bounds a column.

        | field | type | default | meaning |
        |---|---|---|---|
        | `column` | text | required | The column. |
        | `min` | number | `0` | The least value. |
        | `max` | number | `1` | The greatest value. |

        Where only `column` is given, its value may stand alone.

        """.ReplaceLineEndings("\n"), SpecReference.Markdown(typeof(StepSpec), Sample.Catalog));

    [Fact]
    public void Every_example_is_shown_as_it_is_written()
    {
        var page = SpecReference.Markdown(typeof(UseCaseSpec), Sample.Catalog);

        Assert.Contains("### source: csv\n\nRows of CSV files.\n", page, StringComparison.Ordinal);
        Assert.Contains("```yaml\ncsv: { path: \"data/*.csv\" }\n```\n", page, StringComparison.Ordinal);
        Assert.Contains("The name, unique on a server. Example: `bike-demand`.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void An_example_that_does_not_read_is_not_published() =>
        Assert.Throws<InvalidOperationException>(() => SpecReference.Markdown(typeof(SpecSchemaTests.Older), Sample.Catalog));
}
