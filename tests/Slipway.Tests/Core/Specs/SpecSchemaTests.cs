using System.Text.Json.Nodes;
using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Tests.Core.Specs;

public sealed class SpecSchemaTests
{
    private static readonly JsonObject Schema = SpecSchema.Export(typeof(UseCaseSpec), Sample.Catalog, "Use case");

    [Fact]
    public void The_schema_of_a_component_is_as_designed()
    {
        var schema = SpecSchema.Export(typeof(SinkSpec), Sample.Catalog, "Sinks");

        Assert.Equal(
            """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "title": "Sinks",
              "$ref": "#/$defs/sink-spec",
              "$defs": {
                "duration": {
                  "type": "string",
                  "pattern": "^\\d+(\\.\\d+)?(ms|s|m|h|d|w)$",
                  "description": "A length of time: 250ms, 30s, 5m, 1h, 90d, 2w; fractions allowed."
                },
                "http-spec": {
                  "type": "object",
                  "properties": {
                    "url": {
                      "type": [
                        "string",
                        "number",
                        "boolean"
                      ],
                      "description": "Where to."
                    },
                    "token": {
                      "type": [
                        "string",
                        "null"
                      ],
                      "pattern": "\\$\\{(env|file):[^{}]+\\}",
                      "description": "Sent as Authorization."
                    },
                    "headers": {
                      "type": [
                        "object",
                        "null"
                      ],
                      "additionalProperties": {
                        "type": [
                          "string",
                          "number",
                          "boolean"
                        ]
                      },
                      "description": "More headers."
                    },
                    "retry": {
                      "anyOf": [
                        {
                          "$ref": "#/$defs/retry-spec"
                        },
                        {
                          "type": "null"
                        }
                      ],
                      "description": "What to do when it fails."
                    }
                  },
                  "required": [
                    "url"
                  ],
                  "additionalProperties": false,
                  "description": "Posts each answer."
                },
                "log-spec": {
                  "type": "object",
                  "properties": {
                    "level": {
                      "type": [
                        "string",
                        "number",
                        "boolean"
                      ],
                      "description": "How loud.",
                      "default": "info"
                    }
                  },
                  "additionalProperties": false,
                  "description": "Writes each answer to the log."
                },
                "retry-spec": {
                  "type": "object",
                  "properties": {
                    "attempts": {
                      "type": "integer",
                      "description": "Tries in all.",
                      "default": 3
                    },
                    "pause": {
                      "anyOf": [
                        {
                          "$ref": "#/$defs/duration"
                        },
                        {
                          "type": "null"
                        }
                      ],
                      "description": "The first pause."
                    }
                  },
                  "additionalProperties": false,
                  "description": "How often to try."
                },
                "sink-spec": {
                  "oneOf": [
                    {
                      "type": "object",
                      "properties": {
                        "http": {
                          "$ref": "#/$defs/http-spec",
                          "description": "Posts each answer."
                        },
                        "log": {
                          "anyOf": [
                            {
                              "$ref": "#/$defs/log-spec"
                            },
                            {
                              "type": "null"
                            }
                          ],
                          "description": "Writes each answer to the log."
                        }
                      },
                      "minProperties": 1,
                      "maxProperties": 1,
                      "additionalProperties": false
                    },
                    {
                      "enum": [
                        "log"
                      ]
                    }
                  ]
                }
              }
            }
            """.ReplaceLineEndings("\n"), schema.ToJsonString(new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Fact]
    public void Examples_and_the_meaning_of_enum_members_are_in_the_schema()
    {
        var definitions = Schema["$defs"]!;

        Assert.Equal("""[{"rate":"10%","keep":"90d"}]""", definitions["sample-spec"]!["examples"]!.ToJsonString());
        Assert.Equal("""[{"path":"data/*.csv"}]""", definitions["csv-spec"]!["examples"]!.ToJsonString());
        Assert.Equal("""["bike-demand"]""", definitions["use-case-spec"]!["properties"]!["use-case"]!["examples"]!.ToJsonString());
        Assert.Equal("""[{"const":"refuse","description":"The row is bad."},{"const":"all-zero","description":"Zero in every column."}]""", definitions["unknown-value"]!["oneOf"]!.ToJsonString());
        Assert.Equal("refuse", definitions["one-hot-spec"]!["properties"]!["unknown"]!["default"]!.GetValue<string>());
    }

    public sealed record Stale([Example("10 parsecs")] Duration Wait);

    [Example("retries: { attempts: three }")]
    public sealed record Older(int Attempts);

    [Theory]
    [InlineData(typeof(Stale), "'10 parsecs' is not a duration")]
    [InlineData(typeof(Older), "'retries: { attempts: three }' cannot be read as a mapping: 1:1: retries: unknown; allowed: attempts")]
    public void An_example_that_does_not_read_is_not_published(Type root, string reason)
    {
        var error = Assert.Throws<InvalidOperationException>(() => SpecSchema.Export(root, Sample.Catalog, "Stale"));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_of_one_name_get_schemas_of_their_own()
    {
        var schema = SpecSchema.Export(typeof(Pair), Sample.Catalog, "Pair");

        Assert.Equal(["duration", "pair", "retry-spec", "retry-spec-2"], ((JsonObject)schema["$defs"]!).Select(d => d.Key));
    }

    public sealed record Pair(RetrySpec One, Other.RetrySpec Two, Pair? Next = null);

    public static class Other
    {
        public sealed record RetrySpec(int Times);
    }

    /// <summary>Files changed at random: the schema accepts exactly those that the reader reads.</summary>
    [Fact]
    public void Schema_and_reader_agree_on_a_thousand_changed_files()
    {
        var schema = new StructuralSchema(Schema);
        var reader = new SpecReader(Sample.Catalog);
        Assert.True(schema.Accepts(reader.Read<JsonNode>(Sample.Yaml).Value));

        var random = new Random(5);
        var (both, neither) = (0, 0);
        for (var i = 0; i < 1_000; i++)
        {
            var changed = Change(reader.Read<JsonNode>(Sample.Yaml).Value, random);
            var yaml = changed.ToJsonString();
            var isRead = true;
            var why = "";
            try
            {
                reader.Read<UseCaseSpec>(yaml);
            }
            catch (SpecException e)
            {
                (isRead, why) = (false, e.Message);
            }
            Assert.True(isRead == schema.Accepts(changed), $"reader {isRead}, schema {!isRead}: {why}\n{yaml}");
            if (isRead) both++;
            else neither++;
        }
        Assert.True(both > 100 && neither > 250, $"{both} good, {neither} bad: the changes prove little");
    }

    private static JsonNode Change(JsonNode document, Random random)
    {
        string[] values =
        [
            "null", "true", "1", "2.5", "\"x\"", "\"\"", "[]", "{}", "[\"a\",1]", "[null]", "{\"a\":1}", "\"1h\"", "\"5%\"", "\"101%\"", "\"a@b\"", "\"log\"", "\"on-request\"",
            "{\"log\":{}}", "{\"log\":null,\"when\":\"x\"}", "{\"log\":{},\"http\":{\"url\":\"u\"}}", "{\"when\":null}", "\"request\"", "{\"request\":null}", "{\"every\":\"1d\"}", "{\"csv\":{\"path\":\"p\"}}",
            "\"all-zero\"", "\"bias\"", "\"${env:A}\"", "{\"clip\":\"c\"}", "{\"clip\":{\"column\":\"c\"}}", "{\"clip\":[\"c\"]}", "{\"select\":null}", "{\"fill-missing\":{\"a\":null}}",
        ];
        for (var n = random.Next(1, 3); n > 0; n--)
        {
            var containers = Nodes(document).Where(c => c is JsonObject { Count: > 0 } or JsonArray { Count: > 0 }).ToList();
            var value = JsonNode.Parse(values[random.Next(values.Length)]);
            switch (containers[random.Next(containers.Count)])
            {
                case JsonObject mapping:
                    var key = mapping.ElementAt(random.Next(mapping.Count)).Key;
                    if (random.Next(4) == 0) mapping.Remove(key);
                    else if (random.Next(8) == 0) mapping[key + "-x"] = value;
                    else mapping[key] = value;
                    break;
                case JsonArray list:
                    if (random.Next(3) == 0) list.RemoveAt(random.Next(list.Count));
                    else list[random.Next(list.Count)] = value;
                    break;
            }
        }
        return document;
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode node) => node switch
    {
        JsonObject mapping => mapping.Where(p => p.Value is not null).SelectMany(p => Nodes(p.Value!)).Prepend(node),
        JsonArray list => list.Where(i => i is not null).SelectMany(i => Nodes(i!)).Prepend(node),
        _ => [node],
    };
}
