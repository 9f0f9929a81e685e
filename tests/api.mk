# The API contract, with npm's OpenAPI tools. node and npm come from Debian when the machine has none.
.PHONY: api
api:
	@.ci/setup build api
	@$(MAKE) -s all
	@mkdir -p $(BUILD)/api && cp tests/http/api/package.json tests/http/api/package-lock.json $(BUILD)/api
	@echo "yimen: 取接口工具 / fetching the OpenAPI tools ..."
	@cd $(BUILD)/api && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@BUILD=$(BUILD) sh tests/run.sh tests/http/api.sh
