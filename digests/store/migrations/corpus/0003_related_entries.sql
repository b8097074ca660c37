-- Why: of a related entry, what nobody reads is no longer kept: its excerpt, its `published`, a key that is the address.
-- That was a quarter of what a load writes.

UPDATE articles SET related_list = (
    SELECT JSON_GROUP_ARRAY(JSON_ARRAY(
        JSON_EXTRACT(value, '$[0]'),
        JSON_EXTRACT(value, '$[1]'),
        NULLIF(JSON_EXTRACT(value, '$[2]'), JSON_EXTRACT(value, '$[1]')),
        JSON_EXTRACT(value, '$[3]'),
        JSON_EXTRACT(value, '$[4]'),
        JSON_EXTRACT(value, '$[5]'),
        JSON_EXTRACT(value, '$[6]')
    ))
    FROM JSON_EACH(articles.related_list)
) WHERE related_list != '[]';
